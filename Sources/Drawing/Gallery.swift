/// 48 pictures of all kinds, reduced to thumbnails: plain ones in both qualities and styles, formats, scripts, transparent ones, edits and
/// variations.
struct Gallery: Sendable {
  private struct Item: Sendable {
    enum Kind: Sendable {
      case plain, variation
      /// An edit of a number of uploads.
      case edit(Int)
    }

    let description: PictureDescription
    let kind: Kind

    init(_ description: PictureDescription, _ kind: Kind = .plain) { (self.description, self.kind) = (description, kind) }
  }

  private let items: [Item]

  init() {
    let titles = [
      "A cat", "A serene lake at sunset", "An isometric illustration of a small harbour town with colourful houses and sailing boats",
    ]
    let plain = Quality.allCases.flatMap { quality in
      Style.allCases.flatMap { style in (0..<5).map { Item(Self.picture(titles[$0 % 3], quality: quality, style: style, index: $0)) } }
    }
    let formats = ["1792x1024", "1024x1792", "2000x300", "300x2000", "1536x1024", "256x256"].enumerated()
      .map { Item(Self.picture("Cyberpunk street food vendor", size: $1, quality: .hd, index: $0)) }
    let scripts = ["静かな湖", "고요한 호수", "بحيرة هادئة", "אגם שקט", "ทะเลสาบที่เงียบสงบ", "शांत झील", "Тихое озеро 🦢", "Ήρεμη λίμνη"].enumerated()
      .map { Item(Self.picture($1, quality: $0 % 2 == 0 ? .hd : .standard, index: $0)) }
    let transparent = (0..<6).map { index in
      Item(
        Self.picture(
          "A fox", quality: index == 5 ? .standard : .hd, style: index < 3 ? .vivid : .natural, index: index, isTransparent: true))
    }
    let edits = [(1, "1024x1024"), (1, "1536x1024"), (2, "1024x1024"), (4, "1024x1024"), (4, "1792x1024"), (9, "1024x1536")]
      .map { Item(Self.picture("Add a red balloon above the hills", size: $1), .edit($0)) }
    let variations = (0..<2).map { Item(Self.picture("", index: $0), .variation) }
    items = plain + formats + scripts + transparent + edits + variations
  }

  /// The height of all rows on a sheet.
  func height(width: Int) -> Int { (items.count + Self.columns - 1) / Self.columns * Self.side(width: width) }

  /// Draws all thumbnails on a canvas.
  ///
  /// - Parameters:
  ///   - left, top: the place of the first one.
  ///   - width: the width of a row in pixels.
  func draw(on canvas: inout Canvas, left: Int, top: Int, width: Int, with textRenderer: TextRenderer) {
    let side = Self.side(width: width)
    let photographs = (0..<9).map(Self.photograph)
    for (index, item) in items.enumerated() {
      let picture = Self.draw(item, of: photographs, with: textRenderer)
      let (x, y) = (left + index % Self.columns * side, top + index / Self.columns * side)
      let area = Box(left: x, top: y, right: x + side - Self.gap, bottom: y + side - Self.gap)
      for place in Mosaic([picture.proportion], in: area, gap: 0).places { canvas.lay(picture, in: place) { pixel, _ in pixel } }
    }
  }

  private static func side(width: Int) -> Int { (width + gap) / columns }

  private static let columns = 6
  private static let gap = 8
}

extension Gallery {
  private static let timestamp = "2026-08-01 12:34:56"

  private static func picture(
    _ prompt: String, size: String = "1024x1024", quality: Quality = .standard, style: Style = .vivid, index: Int = 0,
    isTransparent: Bool = false
  ) -> PictureDescription {
    PictureDescription(
      prompt: prompt, model: "gpt-image-1", size: PictureSize(size) ?? .square1024, quality: quality, style: style, index: index,
      isTransparent: isTransparent)
  }

  private static func draw(_ item: Item, of photographs: [Upload], with textRenderer: TextRenderer) -> Upload {
    let placeholder = Placeholder(item.description, timestamp: timestamp)
    var canvas = Canvas(size: item.description.size)
    switch item.kind {
    case .plain where item.description.isTransparent:
      var canvas = TransparentCanvas()
      placeholder.draw(on: &canvas, with: textRenderer)
      return Upload(canvas)
    case .plain: placeholder.draw(on: &canvas, with: textRenderer)
    case .variation: VariedPicture(placeholder, of: photographs[0]).draw(on: &canvas, with: textRenderer)
    case .edit(let count):
      EditedPicture(placeholder, uploads: Array(photographs.prefix(count))).draw(on: &canvas, with: textRenderer)
    }
    return Upload(canvas)
  }

  /// What stands for a photograph: hills under the sun.
  private static func photograph(_ index: Int) -> Upload {
    let sizes = ["640x480", "480x640", "600x600", "800x450"]
    guard let size = PictureSize(sizes[index % sizes.count]) else { return Upload(width: 1, height: 1, pixels: [0, 0, 0, 255]) }
    var canvas = Canvas(size: size)
    let (sky, horizon) = (Palette.vivid[(6 + index) % 10], Palette.vivid[(1 + index) % 10])
    canvas.paint(.gradient(Gradient(from: sky, to: horizon, .vertical)))
    let (width, height) = (Float(size.width), Float(size.height))
    canvas.fill(Disc(x: width / 2, y: height * 0.4, radius: height / 7), with: .light, opacity: Opacity(0.8))
    for (place, depth) in [(Float(0.2), Float(0.5)), (0.8, 0.6)] {
      canvas.fill(Disc(x: width * place, y: height * (depth + 0.8), radius: height * 0.8), with: .dark, opacity: Opacity(0.45))
    }
    return Upload(canvas)
  }
}

extension Upload {
  /// The pixels of a canvas that holds all rows.
  fileprivate init(_ canvas: borrowing Canvas) {
    let (size, stride) = (canvas.size, canvas.stride)
    let pixels = canvas.withRows { rows in
      (0..<size.height).flatMap { y in
        (0..<size.width).flatMap { x in
          let offset = y * stride + 1 + 3 * x
          return [rows[offset], rows[offset + 1], rows[offset + 2], 255]
        }
      }
    }
    self.init(width: size.width, height: size.height, pixels: pixels)
  }

  /// The pixels of a transparent canvas.
  fileprivate init(_ canvas: borrowing TransparentCanvas) {
    let (size, stride) = (canvas.size, 1 + 4 * canvas.size.width)
    let pixels = canvas.withRows { rows in
      (0..<size.height).flatMap { y in (y * stride + 1..<(y + 1) * stride).map { rows[$0] } }
    }
    self.init(width: size.width, height: size.height, pixels: pixels)
  }
}
