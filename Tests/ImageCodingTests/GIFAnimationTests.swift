import Hashing
import ImageCoding
import Testing

@Suite struct GIFAnimationTests {
  @Test func `a frame has only the pixels that changed`() throws {
    let frames = [(10, 20), (14, 20), (14, 20), (90, 60)].map { Self.dot(x: $0, y: $1) }
    let gif = try Self.animation(frames)
    #expect(gif.frames.map(\.area) == [[0, 0, 120, 80], [10, 20, 8, 4], [0, 0, 1, 1], [14, 20, 80, 44]])
    try Self.expect(gif, shows: frames, tolerance: 0)
  }

  /// The last one has the colours of the first, and so its palette.
  @Test func `frames share a palette as long as it suits them`() throws {
    let (slope, other) = (Self.slope(from: 0), RowPictures.rows(120, 80) { x, y in [UInt8(x), UInt8(255 - y), UInt8(x + y)] })
    let frames = [slope, Self.slope(from: 5), Self.slope(from: 10), other, Self.slope(from: 5)]
    let gif = try Self.animation(frames)
    #expect(gif.frames.map(\.hasOwnPalette) == [false, false, false, true, false])
    try Self.expect(gif, shows: frames, tolerance: 8)
  }

  /// The least change of a background, in one channel, would be invisible in the palette of the frame before.
  @Test(arguments: [2, 255, 256])
  func `frames of few colours are exact`(colours: Int) throws {
    let frames = (0..<4).map { frame in
      RowPictures.rows(120, 80) { x, y in [UInt8((x + 120 * y) % colours), UInt8(40 + frame / 2), UInt8(y == frame ? 9 : 7)] }
    }
    // A row of other colours makes them more than 256 in the larger pictures.
    try Self.expect(try Self.animation(frames), shows: frames, tolerance: colours == 2 ? 0 : 2)
    let plain = (0..<4).map { frame in RowPictures.rows(120, 80) { x, y in [UInt8((x + frame + 120 * y) % colours), 40, 7] } }
    try Self.expect(try Self.animation(plain), shows: plain, tolerance: 0)
  }

  /// Another entry, for transparent pixels, would double the palette and lengthen every code.
  @Test(arguments: [(2, false), (4, false), (100, true), (128, false), (256, false), (512, true)])
  func `a palette of a power of two has no entry more`(colours: Int, isTransparent: Bool) throws {
    let frames = (0..<3).map { frame in
      RowPictures.rows(120, 80) { x, y in
        let colour = (x + 120 * y + frame * y) % colours
        return [UInt8(colour & 0xff), UInt8(colour >> 8), 7]
      }
    }
    var encoder = try GIFEncoder(width: 120, height: 80, frameDelay: 10)
    for frame in frames { try encoder.add(frame.span) }
    let file = encoder.finish()
    let size = 2 << Int(file[10] & 7)
    if colours <= 256, !isTransparent { #expect(size == colours) }
    // Behind the palette and the loop, the flags of the first control extension.
    #expect((file[13 + 3 * size + 19 + 3] & 1 == 1) == isTransparent)
    try Self.expect(try GIF(file), shows: frames, tolerance: colours <= 256 ? 0 : 8)
  }

  @Test(arguments: 0..<20)
  func `whatever changes, every frame is shown`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (width, height) = (1 + Int(random.next() % 90), 1 + Int(random.next() % 60))
    var pixels = (0..<width * height).map { _ in UInt8(random.next() % 4) }
    var frames: [[UInt8]] = []
    for _ in 0..<6 {
      // A part of random size gets other indices.
      let (first, count) = (Int(random.next() % UInt64(pixels.count)), Int(random.next() % UInt64(pixels.count)))
      for place in first..<min(first + count, pixels.count) where random.next() % 3 > 0 { pixels[place] = UInt8(random.next() % 7) }
      frames.append(RowPictures.rows(width, height) { x, y in [pixels[y * width + x] * 30, 5, 200] })
    }
    try Self.expect(try Self.animation(frames, width, height), shows: frames, tolerance: 0)
  }

  @Test func `a frame with alpha is erased before the next`() throws {
    let frames = (0..<3).map { frame in RowPictures.rows(12, 8) { x, _ in [200, UInt8(frame), 0, x / 4 == frame ? 255 : 0] } }
    var encoder = try GIFEncoder(width: 12, height: 8, hasAlpha: true, frameDelay: 10)
    for frame in frames { try encoder.add(frame.span) }
    let gif = try GIF(encoder.finish())
    for (index, frame) in gif.frames.enumerated() {
      #expect((0..<96).allSatisfy { (frame.pixels[4 * $0 + 3] == 255) == ($0 % 12 / 4 == index) })
    }
  }

  private static func dot(x left: Int, y top: Int) -> [UInt8] {
    RowPictures.rows(120, 80) { x, y in (left..<left + 4).contains(x) && (top..<top + 4).contains(y) ? [250, 0, 0] : [UInt8(x), 90, 7] }
  }

  /// Thousands of colours, which move to the left.
  private static func slope(from start: Int) -> [UInt8] {
    RowPictures.rows(120, 80) { x, y in [UInt8((x + start) % 120), UInt8(y), UInt8(((x + start) % 120 + y) / 2)] }
  }

  private static func animation(_ frames: [[UInt8]], _ width: Int = 120, _ height: Int = 80) throws -> GIF {
    var encoder = try GIFEncoder(width: width, height: height, frameDelay: 10)
    for frame in frames { try encoder.add(frame.span) }
    return try GIF(encoder.finish())
  }

  private static func expect(_ gif: GIF, shows frames: [[UInt8]], tolerance: Double) throws {
    try #require(gif.frames.count == frames.count)
    for (index, (rows, frame)) in zip(frames, gif.frames).enumerated() {
      #expect(RowPictures.difference(rows, frame.pixels, width: gif.width).mean <= tolerance, "frame \(index)")
    }
  }
}
