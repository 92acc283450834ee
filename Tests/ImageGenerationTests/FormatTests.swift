import Drawing
import ImageCoding
import JSON
import Testing

@testable import ImageGeneration

@Suite struct FormatTests {
  private static let renderer = try? ImageRenderer(timestamp: "2026-01-02 03:04:05")
  private static let beginnings: [ImageFormat: [UInt8]] = [
    .png: [0x89, 0x50, 0x4e, 0x47], .jpeg: [0xff, 0xd8, 0xff], .webp: Array("RIFF".utf8), .gif: Array("GIF89a".utf8),
    .svg: Array("<svg ".utf8),
  ]

  @Test(arguments: ImageFormat.allCases, [false, true])
  func `every format is written, and equal descriptions make equal files`(format: ImageFormat, isTransparent: Bool) throws {
    let file = try Self.file(format, isTransparent: isTransparent)
    #expect(file.starts(with: Self.beginnings[format]!))
    #expect(try Self.file(format, isTransparent: isTransparent) == file)
  }

  @Test(arguments: [ImageFormat.png, .jpeg, .webp])
  func `what can be read back has the size and, where there can be one, the alpha that were asked for`(format: ImageFormat) throws {
    for isTransparent in [false, true] {
      let file = try Self.file(format, isTransparent: isTransparent)
      let image = try ImageDecoder.decode(file.span)
      #expect((image.width, image.height) == (256, 192))
      #expect(image.hasAlpha == (isTransparent && format.hasAlpha))
    }
  }

  @Test(arguments: ["a", "\u{1}", "猫", "\u{1f431}", "\"\\", "a\u{301}猫\u{1}"], [0, 1, 700, 64_000])
  func `a description in a place of limited size is JSON with as much of the prompt as fits`(text: String, count: Int) throws {
    let prompt = String(repeating: text, count: count)
    var description = PictureDescription(prompt: prompt, model: "m", size: try #require(PictureSize(width: 64, height: 64)))
    let whole = description.json.compact
    #expect(description.json(inBytes: whole.utf8.count) == whole)
    // A model's name may be of any length, too.
    description.model = String(repeating: text, count: count)
    for limit in [2000, 65_533] where whole.utf8.count > limit {
      let cut = description.json(inBytes: limit)
      #expect(cut.utf8.count <= limit)
      guard case .object(let object) = try JSONValue(parsing: Array(cut.utf8)), case .string(let kept) = object["prompt"] else {
        Issue.record("no prompt in \(cut.prefix(100))")
        continue
      }
      #expect(object["prompt_characters"] == .integer(prompt.unicodeScalars.count))
      #expect(prompt.unicodeScalars.starts(with: kept.text.unicodeScalars))
      // The next character would not fit.
      #expect(limit - cut.utf8.count < 6)
    }
  }

  @Test func `a pattern is drawn by its name, and the file says so`() throws {
    var job = Self.job()
    let usual = try #require(Self.renderer).image(of: job)
    job.pattern = .terrazzo
    let named = try #require(Self.renderer).image(of: job)
    #expect(named != usual && job.description(0, .finished).json.compact.hasSuffix(#""pattern":"terrazzo"}"#))
    job.isTransparent = true
    #expect(job.description(0, .finished).pattern == .terrazzo)
    // It would be cut off by the edges of the field.
    job.pattern = .waves
    #expect(job.description(0, .finished).pattern == nil)
  }

  @Test(arguments: [ImageFormat.jpeg, .webp])
  func `compression takes bytes away`(format: ImageFormat) throws {
    let sizes = try [100, 80, 50, 20, 0].map { try Self.file(Encoding(format, compression: $0)).count }
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func `an animation has as many frames, rounded to what GIF can tell`() throws {
    let animation = Encoding.Animation(frameCount: 5, frameDuration: 123)
    #expect((animation.frameCount, animation.frameDuration) == (5, 120))
    #expect(Encoding.Animation(frameCount: 99, frameDuration: 1).frameCount == 16)
    #expect(Encoding.Animation(frameCount: 1, frameDuration: -1).frameDuration == 10)
    #expect(Encoding.Animation(frameCount: 1, frameDuration: .max).frameCount == 2)
    let file = try Self.file(Encoding(.gif, animation: animation))
    // A graphics control extension of 12 hundredths of a second before each frame, most of which have transparent pixels.
    let controls = file.indices.count { file[$0...].starts(with: [0x21, 0xf9, 4, 5, 12, 0]) }
    #expect(controls == 5)
  }

  @Test(arguments: [false, true], Motion.allCases)
  func `an animated WebP has the frames of the GIF, and its quality`(isTransparent: Bool, motion: Motion) throws {
    let animation = Encoding.Animation(frameCount: 5, frameDuration: 123, motion: motion)
    let files = try [100, 50].map { quality in
      try #require(Self.renderer).image(
        of: Self.job(.generation, Encoding(.webp, compression: quality, animation: animation), isTransparent: isTransparent))
    }
    for file in files {
      #expect(file.starts(with: Self.beginnings[.webp]!))
      // The duration in three bytes stands 12 bytes into a frame's chunk (RFC 9649, section 2.7.1.1).
      let chunks = file.indices.filter { file[$0...].starts(with: Array("ANMF".utf8)) }
      #expect(chunks.count == 5 && chunks.allSatisfy { file[$0 + 20] == 120 && file[$0 + 21] == 0 && file[$0 + 22] == 0 })
    }
    #expect(files[0].count > files[1].count)
  }

  @Test(arguments: [ImageJob.Operation.edit, .variation])
  func `edits and variations are animated in WebP, too`(operation: ImageJob.Operation) throws {
    let upload = DecodedImage(width: 2, height: 1, hasAlpha: true, pixels: [255, 0, 0, 255, 0, 0, 0, 0])
    let file = try #require(Self.renderer).image(
      of: Self.job(operation, Encoding(.webp, animation: .init(frameCount: 3))), sources: SourceImages(images: [upload], mask: upload))
    #expect(file.indices.count { file[$0...].starts(with: Array("ANMF".utf8)) } == 3)
  }

  @Test func `each motion makes another file, and drift is the usual one`() throws {
    let files = try Motion.allCases.map { try Self.file(Encoding(.gif, animation: .init(frameCount: 3, motion: $0))) }
    #expect(Set(files).count == 3)
    #expect(try files[0] == Self.file(Encoding(.gif, animation: .init(frameCount: 3))))
  }

  @Test(arguments: [("png", ImageFormat.png), ("JPG", .jpeg), ("jpeg", .jpeg), ("WebP", .webp), ("gif", .gif), ("svg", .svg)])
  func `a format is known by its extension`(name: String, format: ImageFormat) {
    #expect(ImageFormat(fileExtension: name) == format)
    #expect(ImageFormat(fileExtension: name + "x") == nil)
  }

  @Test func `edits and variations are written in every format, and differ by upload`() throws {
    let uploads = [[UInt8(255), 0, 0, 255], [0, 0, 255, 255]].map { DecodedImage(width: 1, height: 1, hasAlpha: false, pixels: $0) }
    let renderer = try #require(Self.renderer)
    for format in ImageFormat.allCases {
      let encoding = Encoding(format, animation: format == .gif ? .init(frameCount: 2) : nil)
      let (edits, variations) = try (
        uploads.map { try renderer.image(of: Self.job(.edit, encoding), sources: SourceImages(images: [$0])) },
        uploads.map { try renderer.image(of: Self.job(.variation, encoding), sources: SourceImages(images: [$0])) }
      )
      for file in edits + variations { #expect(file.starts(with: Self.beginnings[format]!)) }
      #expect(Set(edits + variations).count == 4)
    }
  }

  @Test func `an edit of nothing, of sixteen, with a mask and a markup is drawn`() throws {
    let renderer = try #require(Self.renderer)
    let upload = DecodedImage(width: 2, height: 1, hasAlpha: true, pixels: [255, 0, 0, 255, 0, 0, 0, 0])
    let markup = DecodedImage(width: 1, height: 1, hasAlpha: false, pixels: [0, 255, 0, 255])
    let sources = [
      SourceImages.none, SourceImages(images: [upload]), SourceImages(images: Array(repeating: upload, count: 16)),
      SourceImages(images: [upload], mask: upload), SourceImages(images: [upload], markup: markup),
    ]
    let files = try sources.map { try renderer.image(of: Self.job(.edit), sources: $0) }
    #expect(Set(files).count == files.count)
  }

  private static func job(
    _ operation: ImageJob.Operation = .generation, _ encoding: Encoding = .png, isTransparent: Bool = false
  ) -> ImageJob {
    var job = ImageJob(
      prompt: "A lake", model: "m", size: PictureSize("256x192")!, quality: .hd, isTransparent: isTransparent, encoding: encoding)
    job.operation = operation
    return job
  }

  private static func file(_ format: ImageFormat, isTransparent: Bool) throws -> [UInt8] {
    try #require(renderer).image(of: job(.generation, Encoding(format), isTransparent: isTransparent))
  }

  private static func file(_ encoding: Encoding) throws -> [UInt8] { try #require(renderer).image(of: job(.generation, encoding)) }
}
