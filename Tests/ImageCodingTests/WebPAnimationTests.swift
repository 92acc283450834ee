import ImageCoding
import Testing

@Suite struct WebPAnimationTests {
  @Test(arguments: [100, 80])
  func `every frame is shown for its time, again and again`(quality: Int) throws {
    let frames = (0..<4).map(Self.dot)
    let animation = try WebPAnimation(Self.encode(frames, quality: quality))
    #expect((animation.width, animation.height, animation.loops) == (120, 80, true))
    try #require(animation.frames.map(\.duration) == [130, 130, 130, 130])
    for (rows, frame) in zip(frames, animation.frames) {
      #expect(RowPictures.difference(rows, frame.pixels, width: 120).mean < 3)
    }
    #expect(Set(animation.frames.map(\.pixels)).count == 4)
  }

  /// Its place and size are even numbers, as the format requires of the place.
  @Test func `a frame has only the pixels that changed`() throws {
    let animation = try WebPAnimation(Self.encode((0..<3).map(Self.dot)))
    #expect(animation.frames.map(\.area).first == [0, 0, 120, 80])
    for frame in animation.frames.dropFirst() { #expect(frame.area[2] <= 40 && frame.area[3] <= 24, "\(frame.area)") }
  }

  @Test func `a frame like the one before makes that one longer`() throws {
    let animation = try WebPAnimation(Self.encode([0, 0, 1, 1, 1].map(Self.dot)))
    #expect(animation.frames.map(\.duration) == [260, 390])
  }

  @Test func `frames keep their alpha`() throws {
    let frames = (0..<3).map { frame in RowPictures.rows(48, 32) { x, _ in [200, 60, 90, x / 16 == frame ? 255 : UInt8(40 * frame)] } }
    let animation = try WebPAnimation(Self.encode(frames, 48, 32, hasAlpha: true))
    try #require(animation.frames.count == 3)
    for (index, frame) in animation.frames.enumerated() {
      #expect((0..<48 * 32).allSatisfy { frame.pixels[4 * $0 + 3] == ($0 % 48 / 16 == index ? 255 : UInt8(40 * index)) })
    }
  }

  @Test func `a lower quality takes bytes away`() throws {
    let frames = (0..<3).map { frame in RowPictures.rows(120, 80) { x, y in [UInt8((x * 7 + frame * 5) % 200), UInt8(y), UInt8(x ^ y)] } }
    let sizes = try [100, 60, 10].map { try Self.encode(frames, quality: $0).count }
    #expect(sizes[0] > sizes[1] && sizes[1] > sizes[2])
  }

  @Test func `the metadata is readable, also in a file that is padded, which shows the same`() throws {
    let file = try Self.encode((0..<3).map(Self.dot), metadata: "<x:xmpmeta/>")
    let (animation, padded) = (try WebPAnimation(file), try WebPAnimation(FilePadding.webp(file, to: file.count + 1000)))
    #expect(animation.metadata == "<x:xmpmeta/>" && padded.metadata == "<x:xmpmeta/>")
    #expect(padded.frames.map(\.pixels) == animation.frames.map(\.pixels))
  }

  @Test func `an upload of an animation is refused, as its decoder says`() throws {
    let file = try Self.encode((0..<2).map(Self.dot))
    #expect(throws: DecodingError.animated(.webp)) { try ImageDecoder.decode(file) }
  }

  @Test(arguments: [(0, 80, 100), (120, 0, 100), (16_384, 80, 100), (120, 80, 0), (120, 80, 1 << 21)])
  func `no such size or duration is encoded`(width: Int, height: Int, duration: Int) {
    #expect(throws: EncodingFailure.self) {
      _ = try WebPAnimationEncoder(width: width, height: height, quality: 100, frameDuration: duration)
    }
  }

  @Test func `rows of another size are refused`() throws {
    var encoder = try WebPAnimationEncoder(width: 120, height: 80, quality: 100, frameDuration: 100)
    var refusals = 0
    for count in [0, 361 * 80 - 1, 361 * 81] {
      let rows = [UInt8](repeating: 0, count: count)
      do { try encoder.add(rows.span) } catch { refusals += 1 }
    }
    #expect(refusals == 3)
  }

  /// A bright square that moves over a slope of greys.
  private static func dot(_ step: Int) -> [UInt8] {
    RowPictures.rows(120, 80) { x, y in
      let isInside = (10 + 10 * step..<18 + 10 * step).contains(x) && (20..<36).contains(y)
      return [UInt8](repeating: isInside ? 240 : UInt8(60 + x / 2), count: 3)
    }
  }

  private static func encode(
    _ frames: [[UInt8]], _ width: Int = 120, _ height: Int = 80, hasAlpha: Bool = false, quality: Int = 100, metadata: String = ""
  ) throws -> [UInt8] {
    var encoder = try WebPAnimationEncoder(
      width: width, height: height, hasAlpha: hasAlpha, quality: quality, frameDuration: 130, metadata: metadata)
    for frame in frames { try encoder.add(frame.span) }
    return try encoder.finish()
  }
}
