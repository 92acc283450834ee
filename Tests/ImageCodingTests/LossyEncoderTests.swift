import ImageCoding
import Testing

@Suite struct LossyEncoderTests {
  static let sizes = [(1, 1), (3, 2), (64, 48), (1, 40), (129, 5)]

  @Test(arguments: sizes)
  func `a JPEG shows the encoded picture`(width: Int, height: Int) throws {
    let rows = RowPictures.slope(width, height)
    let file = try JPEGEncoder.encode(rows.span, width: width, height: height, quality: 100)
    let decoded = try ImageDecoder.decode(file)
    #expect((decoded.width, decoded.height, decoded.hasAlpha) == (width, height, false))
    #expect(RowPictures.difference(rows, decoded.pixels, width: width).largest <= 6)
  }

  @Test(arguments: sizes)
  func `a WebP shows the encoded picture`(width: Int, height: Int) throws {
    // The rows are grey, because WebP subsamples colours and would change the edges between them.
    let rows = RowPictures.rows(width, height) { x, y in [UInt8](repeating: UInt8(60 + x % 40 + y % 20), count: 3) }
    let file = try WebPEncoder.encode(rows.span, width: width, height: height, quality: 100)
    let decoded = try ImageDecoder.decode(file)
    #expect((decoded.width, decoded.height, decoded.hasAlpha) == (width, height, false))
    #expect(RowPictures.difference(rows, decoded.pixels, width: width).largest <= 12)
  }

  @Test(arguments: [100, 80, 0])
  func `a WebP keeps alpha as it is`(quality: Int) throws {
    let rows = RowPictures.rows(40, 30) { x, y in [200, 100, 50, UInt8(6 * x)] }
    let file = try WebPEncoder.encode(rows.span, width: 40, height: 30, hasAlpha: true, quality: quality)
    let decoded = try ImageDecoder.decode(file)
    #expect(decoded.hasAlpha)
    #expect((0..<40 * 30).allSatisfy { decoded.pixels[4 * $0 + 3] == UInt8(6 * ($0 % 40)) })
  }

  @Test(arguments: [100, 99])
  func `plain alpha costs a WebP few bytes`(quality: Int) throws {
    let side = 512
    func encode(hasAlpha: Bool) throws -> Int {
      let rows = RowPictures.rows(side, side) { x, y in
        // A square with a soft edge.
        let inside = 200 - max(abs(x - side / 2), abs(y - side / 2))
        return [200, 100, 50] + (hasAlpha ? [UInt8(clamping: 40 * inside)] : [])
      }
      return try WebPEncoder.encode(rows.span, width: side, height: side, hasAlpha: hasAlpha, quality: quality).count
    }
    #expect(try encode(hasAlpha: true) - encode(hasAlpha: false) < side * side / 100)
  }

  @Test func `lower quality takes fewer bytes and is less like the picture`() throws {
    let rows = RowPictures.slope(256, 192)
    for encode in [Self.jpeg, Self.webp] {
      let steps = try [0, 20, 50, 80, 99].map { quality in
        let file = try encode(rows, quality)
        let mean = try RowPictures.difference(rows, ImageDecoder.decode(file).pixels, width: 256).mean
        return (bytes: file.count, mean: mean)
      }
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.bytes < $1.bytes && $0.mean > $1.mean })
    }
  }

  @Test func `equal rows make equal files`() throws {
    let rows = RowPictures.slope(100, 80)
    for encode in [Self.jpeg, Self.webp] { #expect(try encode(rows, 70) == encode(rows, 70)) }
    #expect(try Self.webp(rows, 100) == Self.webp(rows, 100))
  }

  @Test func `rows that do not fit the size are refused`() {
    let rows = [UInt8](repeating: 0, count: 11)
    #expect(throws: EncodingFailure.self) { try JPEGEncoder.encode(rows.span, width: 2, height: 2, quality: 90) }
    #expect(throws: EncodingFailure.self) { try WebPEncoder.encode(rows.span, width: 2, height: 2, quality: 90) }
    let none: [UInt8] = []
    #expect(throws: EncodingFailure.self) { try WebPEncoder.encode(none.span, width: 0, height: 0, quality: 90) }
  }

  private static func jpeg(_ rows: [UInt8], _ quality: Int) throws -> [UInt8] {
    let height = rows.count / (1 + 3 * width(rows))
    return try JPEGEncoder.encode(rows.span, width: width(rows), height: height, quality: quality)
  }

  private static func webp(_ rows: [UInt8], _ quality: Int) throws -> [UInt8] {
    let height = rows.count / (1 + 3 * width(rows))
    return try WebPEncoder.encode(rows.span, width: width(rows), height: height, quality: quality)
  }

  private static func width(_ rows: [UInt8]) -> Int { rows.count == (1 + 3 * 256) * 192 ? 256 : 100 }
}
