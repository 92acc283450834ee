import FoundationEssentials
import Testing

@testable import ImageCoding

private func upload(_ name: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Uploads/\(name)")))
}

/// Tests for small files that need much work: it is bounded, known in advance, and in proportion to their pixels.
@Suite struct DecodingWorkTests {
  /// A pixel whose colour tells its place; some pixels are transparent.
  private static func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    let alpha = (x + y) % 3 == 0 ? 0 : 255 - x
    return [x &* 7, y &* 11, x ^ y, alpha].map { UInt8(truncatingIfNeeded: $0) }
  }

  private static func picture(_ width: Int, _ height: Int, isInterlaced: Bool = true, bitDepth: Int = 8) -> StoredPNG {
    StoredPNG(width: width, height: height, bitDepth: bitDepth, isInterlaced: isInterlaced) { y, columns in
      columns.flatMap { (x: Int) -> [UInt8] in bitDepth == 16 ? pixel(x, y).flatMap { [$0, $0] } : pixel(x, y) }
    }
  }

  /// A slow and plain reference: one of `stride` columns and rows, reduced to squares of the whole picture.
  private static func expected(_ width: Int, _ height: Int, side: Int, stride step: Int) -> [UInt8] {
    (0..<max(height / side, 1)).flatMap { (row: Int) -> [UInt8] in
      (0..<max(width / side, 1)).flatMap { (column: Int) -> [UInt8] in
        let ys = (row * side..<min((row + 1) * side, height)).filter { $0 % step == 0 }
        let xs = (column * side..<min((column + 1) * side, width)).filter { $0 % step == 0 }
        let pixels: [[Int]] = ys.flatMap { y in xs.map { x in pixel(x, y).map { Int($0) } } }
        guard side > 1 else { return pixels[0].map { UInt8($0) } }
        let weight: Int = max(pixels.reduce(0) { $0 + $1[3] }, 1)
        var mean: [Int] = (0..<3).map { channel in
          let sum: Int = pixels.reduce(0) { $0 + $1[channel] * $1[3] }
          return (sum + weight / 2) / weight
        }
        let opacity: Int = pixels.reduce(0) { $0 + $1[3] }
        mean.append(opacity / pixels.count)
        return mean.map { UInt8($0) }
      }
    }
  }

  static let sizes = [(97, 61), (64, 64), (5, 200), (200, 3), (1, 1), (9, 9)]

  @Test(arguments: sizes, [1, 2, 3, 4, 5, 7, 8, 13, 300])
  func `an interlaced picture is reduced to the means of the first passes' pixels in each square`(
    size: (width: Int, height: Int), wanted: Int
  ) throws {
    let limit = max(size.width / wanted, 1) * max(size.height / wanted, 1)
    let side = Reduction(width: size.width, height: size.height, toPixels: limit).side
    let stride = [8, 4, 2].first { $0 <= side } ?? 1
    for bitDepth in [8, 16] {
      let image = try ImageDecoder.decode(Self.picture(size.width, size.height, bitDepth: bitDepth).file(), toPixels: limit)
      #expect((image.width, image.height) == (max(size.width / side, 1), max(size.height / side, 1)))
      #expect(image.originalSize == DecodedImage.Size(width: size.width, height: size.height))
      // Compared outside of `#expect`, which would print the pixels.
      let areExpected = image.pixels == Self.expected(size.width, size.height, side: side, stride: stride)
      #expect(areExpected)
    }
  }

  @Test(arguments: sizes, [1, 2, 3, 8, 30])
  func `a picture that is reduced row by row is the whole one, reduced`(size: (width: Int, height: Int), wanted: Int) throws {
    let file = Self.picture(size.width, size.height, isInterlaced: false).file()
    let limit = max(size.width / wanted, 1) * max(size.height / wanted, 1)
    let image = try ImageDecoder.decode(file, toPixels: limit)
    let side = Reduction(width: size.width, height: size.height, toPixels: limit).side
    let isReduced = try image == ImageDecoder.decode(file).reduced(toPixels: limit)
    let areExpected = image.pixels == Self.expected(size.width, size.height, side: side, stride: 1)
    #expect(isReduced && areExpected)
  }

  @Test(arguments: ["rgb.png", "rgba.png", "palette.png", "palette-transparent.png", "sixteen-bits.png", "grey.png"], [432, 192, 24, 5])
  func `every kind of PNG is reduced as if it had been decoded first`(name: String, limit: Int) throws {
    let file = try upload(name)
    #expect(try ImageDecoder.decode(file, toPixels: limit) == ImageDecoder.decode(file).reduced(toPixels: limit))
  }

  @Test func `of an interlaced picture only the passes that are needed are unpacked`() throws {
    // All data behind the first pass is invalid: no filter has this number.
    let file = Self.picture(64, 64).file { rows in for index in 8 * 33..<rows.count { rows[index] = 0xee } }
    #expect(try ImageDecoder.decode(file, toPixels: 64).pixels == Self.expected(64, 64, side: 8, stride: 8))
    #expect(throws: DecodingError.broken(.png, reason: "bad adaptive filter value")) { try ImageDecoder.decode(file, toPixels: 256) }
    #expect(throws: DecodingError.broken(.png, reason: "bad adaptive filter value")) { try ImageDecoder.decode(file) }
  }

  @Test(arguments: ["interlaced.png", "rgba.png", "rgba.webp", "rgb.webp", "progressive.jpg"], [432, 24, 5])
  func `a file cut short anywhere is broken, however few of its pixels are wanted`(name: String, limit: Int) throws {
    let file = try upload(name)
    for length in 0..<file.count {
      #expect(throws: DecodingError.self, "\(name) cut to \(length) of \(file.count) bytes") {
        try ImageDecoder.decode(Array(file[..<length]), toPixels: limit)
      }
    }
  }

  @Test func `thousands of tiny chunks are one picture`() throws {
    let picture = Self.picture(64, 64, isInterlaced: false)
    let file = picture.file(chunkLength: 1)
    #expect(file.count > 13 * 64 * 64 * 4)
    #expect(try ImageDecoder.decode(file) == ImageDecoder.decode(picture.file()))
  }

  // MARK: What is allowed

  /// Kinds of files of one size, each more expensive than the one before it.
  static let costs: [(cheaper: [UInt8], dearer: [UInt8])] = {
    let grey = StoredPNG(width: 256, height: 256, bitDepth: 1, colourType: 0) { _, columns in
      [UInt8](repeating: 0x55, count: columns.count / 8)
    }
    let (plain, deep) = (picture(256, 256, isInterlaced: false), picture(256, 256, isInterlaced: false, bitDepth: 16))
    return [
      (grey.file(), plain.file()), (plain.file(), deep.file()), (picture(256, 256).file(), plain.file()),
      (try! upload("rgb.jpg"), try! upload("progressive.jpg")), (try! upload("progressive.jpg"), try! upload("arithmetic.jpg")),
    ]
  }()

  private static func cost(_ file: [UInt8], toPixels limit: Int = 1024) throws -> Int {
    var allowance = DecodingAllowance(milliseconds: 1_000_000)
    _ = try ImageDecoder.decode(file.span, toPixels: limit, allowance: &allowance)
    return 1_000_000_000_000 - allowance.nanoseconds
  }

  @Test(arguments: costs.indices) func `slower kinds of files cost more`(index: Int) throws {
    #expect(try Self.cost(Self.costs[index].cheaper) < Self.cost(Self.costs[index].dearer))
  }

  @Test func `arithmetic coding costs more for each byte and for each pixel`() throws {
    let (arithmetic, plain) = try (upload("arithmetic.jpg"), upload("rgb.jpg"))
    // 48 times 36 pixels with three components of two bytes, for each of which there are two decisions of two nanoseconds.
    let (perByte, perPixel) = (200, 2 + 24)
    #expect(try Self.cost(arithmetic) == 48 * 36 * perPixel + arithmetic.count * perByte)
    #expect(try Self.cost(plain) == 48 * 36 * 2 + plain.count * 16)
  }

  @Test func `an interlaced picture costs only the passes that are read`() throws {
    let file = Self.picture(256, 256).file()
    let costs = try [64 * 64 / 4, 64 * 64, 128 * 128, 256 * 256].map { try Self.cost(file, toPixels: $0) }
    #expect(costs == costs.sorted() && Set(costs).count == 4)
  }

  @Test func `a file over the allowance costs nothing, so that a smaller one may still pass`() throws {
    let (large, small) = (Self.picture(512, 512, isInterlaced: false).file(), try upload("rgb.png"))
    var allowance = DecodingAllowance(milliseconds: 1)
    let before = allowance.nanoseconds
    #expect(throws: DecodingError.tooMuchWork(milliseconds: 24, left: 1)) {
      try ImageDecoder.decode(large.span, toPixels: 1024, allowance: &allowance)
    }
    #expect(allowance.nanoseconds == before)
    _ = try ImageDecoder.decode(small.span, toPixels: 1024, allowance: &allowance)
    #expect(allowance.nanoseconds < before)
  }

  @Test func `a photograph of 64 megapixels is read, and one that its decoder would keep in memory is not`() throws {
    // The size follows the frame's marker, its length and its depth.
    func enlarged(_ name: String, frame: UInt8, to side: Int) throws -> [UInt8] {
      var jpeg = try upload(name)
      let marker = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xff, frame]) })
      jpeg.replaceSubrange(marker + 5..<marker + 9, with: [UInt8(side >> 8), UInt8(side & 0xff), UInt8(side >> 8), UInt8(side & 0xff)])
      return jpeg
    }
    let photograph = try ImageDecoder.decode(enlarged("rgb.jpg", frame: 0xc0, to: 8192), toPixels: 1 << 20)
    #expect(photograph.originalSize == DecodedImage.Size(width: 8192, height: 8192))
    #expect(throws: DecodingError.tooLarge(width: 8193, height: 8193)) {
      try ImageDecoder.decode(enlarged("rgb.jpg", frame: 0xc0, to: 8193))
    }
    #expect(throws: DecodingError.tooLarge(width: 4100, height: 4100)) {
      try ImageDecoder.decode(enlarged("progressive.jpg", frame: 0xc2, to: 4100), toPixels: 1 << 20)
    }
  }
}
