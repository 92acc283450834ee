import ImageGeneration
import Testing

@Suite struct StoreTests {
  private let place = TemporaryStore()

  @Test func `generated images are stored, and come back with their format and their expiry`() throws {
    let generator = try ImageGenerator(configuration: place.configuration(retentionHours: 0.5))
    let ids = try generator.generate(ImageJob(prompt: "A lake at sunset", size: .small, quality: .hd), count: 2)

    let image = try #require(try generator.image(for: ids[1]))
    #expect(image.format == .png && image.bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(.nanoseconds(image.expires - image.created) == Duration.seconds(1800))
    #expect(ids.map(\.description).allSatisfy { $0.count == 32 } && ids[0] != ids[1])
  }

  @Test func `the documentation's example works`() throws {
    let name = place.name
    let generator = try ImageGenerator(configuration: .init(storeName: name))
    let ids = try generator.generate(ImageJob(prompt: "A lake at sunset", quality: .hd), count: 2)
    let image = try generator.image(for: ids[0])
    #expect(ids.count == 2 && image != nil)
  }

  @Test func `the parameters of OpenAI's images.generate select the image and where it goes`() throws {
    let generator = try ImageGenerator(configuration: place.configuration())
    let stored = try generator.generate(prompt: "A lake", size: .small, quality: .standard, style: .natural, n: 2)
    let files = try generator.generate(prompt: "A lake", size: .small, responseFormat: .base64, encoding: Encoding(.jpeg, compression: 80))

    for image in stored {
      guard case .stored(let id) = image else { throw Unexpected(image) }
      #expect(try generator.image(for: id)?.format == .png)
    }
    guard case .file(let file) = files.first else { throw Unexpected(files) }
    #expect(file.starts(with: [0xff, 0xd8, 0xff]))
    #expect(generator.storageStatistics().totalImages == 2)
  }

  @Test func `every generator with the same store name serves the same images`() throws {
    let (first, second) = (
      try ImageGenerator(configuration: place.configuration()), try ImageGenerator(configuration: place.configuration())
    )
    let id = try first.store(Array("<svg/>".utf8), format: .svg)
    let text = id.description
    #expect(try second.image(for: try #require(ImageID(text)))?.format.mediaType == "image/svg+xml")
    #expect(ImageID("lake") == nil)
  }

  @Test func `statistics count the images and their bytes`() throws {
    let generator = try ImageGenerator(configuration: place.configuration(retentionHours: 2))
    _ = try generator.store([UInt8](repeating: 0, count: 1 << 20))
    let statistics = generator.storageStatistics()
    #expect(statistics.totalImages == 1 && statistics.totalSizeBytes == 1 << 20 && statistics.totalSizeMB == 1)
    #expect(statistics.retentionHours == 2 && statistics.backend == "memory")
  }

  @Test func `an image that expires is not served, and a sweep keeps the others`() async throws {
    let brief = try ImageGenerator(configuration: place.configuration(retentionHours: 1e-6))
    let usual = try ImageGenerator(configuration: place.configuration())
    let (expiring, lasting) = (try brief.store([1]), try usual.store([2]))
    while try usual.image(for: expiring) != nil { try await Task.sleep(for: .milliseconds(1)) }
    usual.sweep()
    #expect(try usual.image(for: lasting)?.bytes == [2])
    #expect(usual.storageStatistics().totalImages == 1)
  }

  @Test func `a full store evicts its oldest image`() throws {
    let generator = try ImageGenerator(configuration: place.configuration(size: 1 << 20))
    let ids = try (0..<8).map { try generator.store([UInt8](repeating: $0, count: 200_000)) }
    #expect(try generator.image(for: ids[0]) == nil)
    #expect(try generator.image(for: ids[7])?.bytes.first == 7)
  }
}

/// A result of another kind than the one that was asked for.
private struct Unexpected: Error {
  var result: String

  init(_ result: some Any) { self.result = String(describing: result) }
}
