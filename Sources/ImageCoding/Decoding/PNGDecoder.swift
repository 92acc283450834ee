import CPNG

/// Decodes every kind of PNG: palette, grey, 16 bits, interlaced, with alpha or a transparent colour.
///
/// A picture that is too large is reduced row by row. An interlaced file is stored in passes, each with more pixels than all passes before
/// it. Only as many passes are read as give each pixel of the result one of the file's. Unpacking the others would take most of the time.
enum PNGDecoder {
  static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    guard let header = PNGHeader(file) else { throw .broken(.png, reason: "it ends within its header") }
    try ImageDecoder.check(width: header.width, height: header.height, of: .png)
    // Also the passes that are not unpacked must at least exist.
    let chunks = PNGChunks(file)
    guard chunks.isWhole else { throw .broken(.png, reason: "it ends before its last chunk") }
    let reduction = Reduction(width: header.width, height: header.height, toPixels: limit)
    return try decode(file, header, reduction, &allowance).upright(from: chunks.orientation)
  }

  private static func decode(
    _ file: Span<UInt8>, _ header: PNGHeader, _ reduction: Reduction, _ allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    guard header.isInterlaced else {
      try allowance.spend(cost(of: header), on: header.width * header.height, file.count)
      return try decodeRows(file, header, reduction)
    }
    let passes = Adam7Passes(for: reduction)
    try allowance.spend(cost(of: header), on: passes.count(of: header.width) * passes.count(of: header.height), file.count)
    return try decodePasses(file, header, passes, reduction)
  }

  /// The bytes of a pixel are unpacked and converted to RGBA.
  private static func cost(of header: PNGHeader) -> DecodingCost { DecodingCost(perPixel: 6 + header.bitsPerPixel / 4, perByte: 20) }

  private static func decodeRows(_ file: Span<UInt8>, _ header: PNGHeader, _ reduction: Reduction) throws(DecodingError) -> DecodedImage {
    var reducer = RowReducer(reduction, ofWidth: header.width)
    var hasAlpha = false
    try read(file, header) { row, pixels in
      hasAlpha = row.hasAlpha
      reducer.add(row.y, pixels, isOpaque: !hasAlpha)
    }
    reducer.finish()
    return DecodedImage(
      width: reduction.width, height: reduction.height, hasAlpha: hasAlpha, pixels: reducer.pixels, originalSize: header.size)
  }

  /// Combines the pixels of the passes, fewer than four for each pixel of the result, and reduces them.
  private static func decodePasses(
    _ file: Span<UInt8>, _ header: PNGHeader, _ passes: Adam7Passes, _ reduction: Reduction
  ) throws(DecodingError) -> DecodedImage {
    let (width, height) = (passes.count(of: header.width), passes.count(of: header.height))
    var pixels = [UInt8](repeating: 0, count: 4 * width * height)
    var hasAlpha = false
    try read(file, header, passes: passes.count) { row, source in
      hasAlpha = row.hasAlpha
      var span = pixels.mutableSpan
      var target = unsafe span.mutableBytes
      let start = width * (row.y / passes.stride)
      for index in 0..<row.count {
        let place = start + (row.first + index * row.step) / passes.stride
        let pixel = unsafe source.unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        target.storeBytes(of: pixel, toByteOffset: 4 * place, as: UInt32.self)
      }
    }
    let image = DecodedImage(width: width, height: height, hasAlpha: hasAlpha, pixels: pixels, originalSize: header.size)
    return reduction.side == 1 ? image : image.reduced(reduction, stride: passes.stride, of: header.size)
  }

  /// The place of some pixels.
  private struct Row {
    var y: Int
    /// The column of the first pixel, and the step to the next.
    var first: Int
    var step: Int
    var count: Int
    /// Whether the file has alpha.
    var hasAlpha: Bool
  }

  private typealias Taker = (Row, RawSpan) -> Void

  /// Reads a file's rows.
  ///
  /// - Parameter take: called with each row; in an interlaced file, with the pixels of a row in each pass.
  private static func read(_ file: Span<UInt8>, _ header: PNGHeader, passes: Int = 7, _ take: Taker) throws(DecodingError) {
    var words = [CChar](repeating: 0, count: Int(CPNG_REASON))
    let isRead = withoutActuallyEscaping(take) { take in
      var taker = take
      return unsafe withUnsafeMutablePointer(to: &taker) { taker in
        unsafe file.withUnsafeBufferPointer { file in
          unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4 * header.width) { room in
            unsafe cpng_read(
              file.baseAddress, file.count, UInt32(header.width), UInt32(header.height), CInt(passes), room.baseAddress,
              { taker, row in
                let row = unsafe row!.pointee
                let pixels = unsafe UnsafeRawBufferPointer(start: row.rgba, count: 4 * Int(row.count)).bytes
                let place = unsafe Row(
                  y: Int(row.y), first: Int(row.first), step: Int(row.step), count: Int(row.count), hasAlpha: row.has_alpha != 0)
                unsafe taker!.assumingMemoryBound(to: Taker.self).pointee(place, pixels)
              }, taker, &words) == 1
          }
        }
      }
    }
    guard isRead else { throw .broken(.png, words: words) }
  }
}

/// The passes of an interlaced file to read. They have one of `stride` columns and rows.
struct Adam7Passes {
  /// 1, 2, 4 or 8.
  let stride: Int

  /// Chooses the fewest passes with which each square has a pixel.
  init(for reduction: Reduction) { stride = [8, 4, 2].first { $0 <= reduction.side } ?? 1 }

  /// The number of passes out of seven (PNG specification, section 8.2).
  var count: Int {
    switch stride {
    case 8: 1
    case 4: 3
    case 2: 5
    default: 7
    }
  }

  /// The number of columns or rows that are read out of `side`.
  func count(of side: Int) -> Int { (side + stride - 1) / stride }
}

/// The header chunk of a PNG file (PNG specification, sections 5.2 and 11.2.2).
struct PNGHeader {
  let width: Int
  let height: Int
  let isInterlaced: Bool
  /// The stored bits of a pixel.
  let bitsPerPixel: Int

  var size: DecodedImage.Size { DecodedImage.Size(width: width, height: height) }

  /// Reads the chunk behind the signature. Nil if the file is too short. libpng validates the content.
  init?(_ file: Span<UInt8>) {
    guard file.count >= 33 else { return nil }
    (width, height) = (Self.integer(file, at: 16), Self.integer(file, at: 20))
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][file[25]] ?? 4
    bitsPerPixel = Int(file[24]) * channels
    isInterlaced = file[28] != 0
  }

  fileprivate static func integer(_ file: Span<UInt8>, at offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(file[offset + $1]) } }
}

/// Information from the chunks of a PNG file (PNG specification, section 5.3), read without decoding.
struct PNGChunks {
  /// Whether the chunks follow each other until the last one, IEND.
  private(set) var isWhole = false
  /// The orientation in the file's eXIf chunk (section 11.3.4.5), which may come before or after the pixels: 1 (upright) to 8.
  private(set) var orientation = 1

  init(_ file: Span<UInt8>) {
    var offset = 8
    while offset + 12 <= file.count {
      let length = PNGHeader.integer(file, at: offset)
      switch PNGHeader.integer(file, at: offset + 4) {
      case Self.end:
        isWhole = true
        return
      case Self.exif where offset + 12 + length <= file.count:
        orientation = EXIFOrientation.find(in: file.extracting(offset + 8..<offset + 8 + length)) ?? 1
      default: break
      }
      offset += 12 + length
    }
  }

  // The names as numbers: IEND and eXIf.
  private static let end = 0x4945_4e44
  private static let exif = 0x6558_4966
}
