import ImageCoding
import Testing

@Suite struct GIFEncoderTests {
  @Test(arguments: [(1, 1), (3, 2), (200, 100), (1, 40), (129, 5)])
  func `a picture of few colours comes back exactly`(width: Int, height: Int) throws {
    let rows = RowPictures.rows(width, height) { x, y in [UInt8(x % 16 * 16), UInt8(y % 16 * 16), 77] }
    let gif = try GIF(Self.file(rows, width, height))
    #expect((gif.width, gif.height, gif.frames.count, gif.loops) == (width, height, 1, false))
    #expect(RowPictures.difference(rows, gif.frames[0].pixels, width: width).largest == 0)
  }

  @Test func `a slope of many colours is like the picture`() throws {
    let rows = RowPictures.slope(256, 192)
    let gif = try GIF(Self.file(rows, 256, 192))
    #expect(RowPictures.difference(rows, gif.frames[0].pixels, width: 256).mean < 8)
  }

  @Test func `noise of more colours than are told apart is taken too`() throws {
    var state: UInt32 = 7
    let rows = RowPictures.rows(400, 300) { _, _ in
      (0..<3).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      }
    }
    let gif = try GIF(Self.file(rows, 400, 300))
    #expect(RowPictures.difference(rows, gif.frames[0].pixels, width: 400).mean < 20)
  }

  @Test func `frames have their delay, their own colours, and start over`() throws {
    var encoder = try GIFEncoder(width: 20, height: 10, frameDelay: 25)
    let frames = (0..<3).map { frame in RowPictures.rows(20, 10) { x, _ in [UInt8(frame * 80), UInt8(x), 9] } }
    for frame in frames { try encoder.add(frame.span) }
    let gif = try GIF(encoder.finish())
    #expect(gif.loops && gif.frames.map(\.delay) == [25, 25, 25])
    for (rows, frame) in zip(frames, gif.frames) { #expect(RowPictures.difference(rows, frame.pixels, width: 20).largest == 0) }
  }

  @Test func `pixels with less than half alpha are left out`() throws {
    let rows = RowPictures.rows(16, 16) { x, y in [UInt8(x), UInt8(y), 0, UInt8(x * 16)] }
    var encoder = try GIFEncoder(width: 16, height: 16, hasAlpha: true)
    try encoder.add(rows.span)
    let gif = try GIF(encoder.finish())
    #expect((0..<256).allSatisfy { (gif.frames[0].pixels[4 * $0 + 3] == 255) == ($0 % 16 >= 8) })
  }

  @Test func `equal rows make equal files, and others are refused`() throws {
    let rows = RowPictures.slope(100, 80)
    #expect(try Self.file(rows, 100, 80) == Self.file(rows, 100, 80))
    #expect(throws: EncodingFailure.self) { try Self.file(rows, 100, 81) }
    #expect(throws: EncodingFailure.self) { _ = try GIFEncoder(width: 0, height: 1) }
    #expect(throws: EncodingFailure.self) { _ = try GIFEncoder(width: 1, height: 1, frameDelay: 70_000) }
  }

  private static func file(_ rows: [UInt8], _ width: Int, _ height: Int) throws -> [UInt8] {
    var encoder = try GIFEncoder(width: width, height: height)
    try encoder.add(rows.span)
    return encoder.finish()
  }
}
