import Drawing
import ImageCoding

/// What drawing needs and keeps: the canvases, the letters, the compressor's buffers.
///
/// The canvas for usual sizes stays for good. What larger pictures are drawn on stays while more of them are asked for, so that the images
/// of one request share it, and is given back when another kind of picture is.
struct Desk: ~Copyable {
  private var canvas = Canvas(size: PictureSize(width: 1024, height: 1024)!)
  private var largeCanvas = Canvas(size: Self.hardlyAny)
  /// As large as the last transparent picture; most never need it.
  private var transparentCanvas = TransparentCanvas()
  private var encoder = PNGEncoder()
  private let lettering: Lettering
  /// Of canvases that were given back.
  private var pastAllocations = 0

  init(lettering: sending Lettering) { self.lettering = lettering }

  /// How often there was memory to be found for opaque pictures.
  var allocationCount: Int { pastAllocations + canvas.allocationCount + largeCanvas.allocationCount }

  /// Bytes that the canvases occupy.
  var byteCount: Int { canvas.capacity + largeCanvas.capacity + transparentCanvas.capacity }

  mutating func create(_ placeholder: Placeholder) throws -> [UInt8] {
    let (size, isTransparent) = (placeholder.description.size, placeholder.description.isTransparent)
    let about = PNGText(keyword: "fakeai", text: placeholder.description.json.compact)
    giveBackWhatIsTooLarge(for: size, isTransparent: isTransparent)
    if isTransparent {
      placeholder.draw(on: &transparentCanvas, with: lettering)
      return try transparentCanvas.withRows { rows in
        try encoder.encode(rows, width: size.width, height: size.height, hasAlpha: true, texts: [about])
      }
    }
    if Self.isUsual(size) {
      placeholder.draw(on: &canvas, with: lettering)
      return try canvas.withRows { rows in try encoder.encode(rows, width: size.width, height: size.height, texts: [about]) }
    }
    placeholder.draw(on: &largeCanvas, with: lettering)
    return try largeCanvas.withRows { rows in try encoder.encode(rows, width: size.width, height: size.height, texts: [about]) }
  }

  mutating func create(_ sheet: ContactSheet) throws -> [UInt8] {
    sheet.draw(on: &canvas, with: lettering)
    return try canvas.withRows { rows in try encoder.encode(rows, width: sheet.size.width, height: sheet.size.height) }
  }

  private mutating func giveBackWhatIsTooLarge(for size: PictureSize, isTransparent: Bool) {
    if Self.isUsual(size) || isTransparent, !Self.isUsual(largeCanvas.size) {
      pastAllocations += largeCanvas.allocationCount
      largeCanvas = Canvas(size: Self.hardlyAny)
    }
    if Self.isUsual(size) || !isTransparent, !Self.isUsual(transparentCanvas.size) { transparentCanvas = TransparentCanvas() }
  }

  /// Every size that some model has of its own is.
  private static func isUsual(_ size: PictureSize) -> Bool { size.width * size.height <= 2048 * 2048 }

  private static let hardlyAny = PictureSize(width: 1, height: 1)!
}
