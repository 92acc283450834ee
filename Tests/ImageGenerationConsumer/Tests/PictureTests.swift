import ImageGeneration
import Testing

extension PictureSize {
  /// Small enough to be drawn in milliseconds, also in a debug build.
  static let small = PictureSize(width: 256, height: 192)!
}

@Suite struct PictureTests {
  private let place = TemporaryStore()

  @Test(arguments: ImageFormat.allCases) func `a renderer draws every format without a store`(format: ImageFormat) throws {
    let renderer = try ImageRenderer()
    let file = try renderer.image(of: ImageJob(prompt: "A lake", size: .small, encoding: Encoding(format)))
    let beginnings: [ImageFormat: [UInt8]] = [
      .png: [0x89, 0x50, 0x4e, 0x47], .jpeg: [0xff, 0xd8, 0xff], .webp: Array("RIFF".utf8), .gif: Array("GIF89a".utf8),
      .svg: Array("<svg".utf8),
    ]
    #expect(file.starts(with: try #require(beginnings[format])))
    #expect(ImageFormat(fileExtension: format.fileExtension.uppercased()) == format)
  }

  @Test func `compression, animation and transparency change the file`() throws {
    let renderer = try ImageRenderer(timestamp: "2026-01-02 03:04:05")
    let job = ImageJob(prompt: "A lake", size: .small, quality: .hd)
    func size(_ encoding: Encoding, isTransparent: Bool = false) throws -> Int {
      var job = job
      (job.encoding, job.isTransparent) = (encoding, isTransparent)
      return try renderer.image(of: job).count
    }
    #expect(try size(Encoding(.jpeg, compression: 20)) < size(Encoding(.jpeg)))
    #expect(try size(Encoding(.gif)) < size(Encoding(.gif, animation: .init(frameCount: 3, frameDuration: 100))))
    #expect(try size(Encoding(.webp)) < size(Encoding(.webp, animation: .init(frameCount: 3, frameDuration: 100, motion: .rise))))
    #expect(Motion.allCases.count == 3 && Motion(rawValue: "pulse") == .pulse)
    #expect(try size(.png) != size(.png, isTransparent: true))
  }

  @Test func `equal jobs with a fixed timestamp give equal files`() throws {
    func file(_ timestamp: String, seed: UInt64 = 0, index: Int = 0) throws -> [UInt8] {
      try ImageRenderer(timestamp: timestamp).image(of: ImageJob(prompt: "A lake", size: .small, seed: seed), index)
    }
    let file1 = try file("2026-01-02 03:04:05")
    #expect(try file("2026-01-02 03:04:05") == file1)
    #expect(try file("2027-01-02 03:04:05") != file1)
    #expect(try file("2026-01-02 03:04:05", seed: 1) != file1)
    #expect(try file("2026-01-02 03:04:05", index: 1) != file1)
  }

  @Test func `a generator takes a font and a timestamp`() throws {
    let fonts = ["DejaVuSans.ttf", "DejaVuSansMono.ttf"].map { "/usr/share/fonts/truetype/dejavu/\($0)" }
    let files = try fonts.map { font in
      var configuration = place.configuration()
      (configuration.font, configuration.timestamp) = (font, "2026-01-02 03:04:05")
      return try ImageGenerator(configuration: configuration).files(of: ImageJob(prompt: "A lake", size: .small))
    }
    #expect(files[0] != files[1])
    #expect(try ImageRenderer(font: fonts[0]).hasFont)
  }

  @Test func `partial images show an image before it is finished`() throws {
    let renderer = try ImageRenderer(timestamp: "2026-01-02 03:04:05")
    let job = ImageJob(prompt: "A lake", size: .small, quality: .hd)
    let stages: [RenderStage] = [.partial(0, of: 2), .partial(1, of: 2), .finished]
    #expect(Set(try stages.map { try renderer.image(of: job, stage: $0) }).count == 3)
    // One square, whatever the number.
    #expect(try renderer.image(of: job, stage: .coarse(squares: 0)) == renderer.image(of: job, stage: .coarse(squares: 1)))
  }
}
