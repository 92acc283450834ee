import Drawing
import ImageGeneration
import ImageStore
import RingTesting
import Testing

/// A generator over a store of its own that goes with the test.
private final class Fixture: Sendable {
  private let place = TemporaryStore()
  let generator: ImageGenerator

  init() throws {
    generator = ImageGenerator(
      renderer: try ImageRenderer(timestamp: "2026-01-02 03:04:05"),
      store: try SharedMemoryStore(name: place.name, size: 4 << 20, retention: .seconds(3600)))
  }
}

@Suite struct ImageGeneratorTests {
  @Test func `generated images are stored and come back`() throws {
    let fixture = try Fixture()
    let images = try fixture.generator.generate(prompt: "A lake", size: PictureSize("256x256")!, n: 3)
    let ids = images.compactMap { if case .stored(let id) = $0 { id } else { nil } }
    #expect(Set(ids).count == 3)
    let files = try ids.compactMap { try fixture.generator.image(for: $0)?.bytes }
    #expect(files.count == 3 && Set(files).count == 3)
    #expect(files.allSatisfy { $0.starts(with: [0x89, 0x50, 0x4e, 0x47]) })
    let statistics = fixture.generator.storageStatistics()
    #expect(statistics.totalImages == 3)
    #expect(statistics.totalSizeBytes == files.reduce(0) { $0 + $1.count })
    #expect(statistics.retentionHours == 1 && statistics.backend == "memory")
  }

  @Test func `images for the answer itself are not stored`() throws {
    let fixture = try Fixture()
    let images = try fixture.generator.generate(prompt: "A lake", size: PictureSize("256x256")!, responseFormat: .base64)
    guard case .file(let file) = images.first else { throw WrongKind() }
    #expect(file.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(fixture.generator.storageStatistics().totalImages == 0)
  }

  @Test func `equal jobs make equal files, others do not`() throws {
    let fixture = try Fixture()
    let job = ImageJob(prompt: "A lake", model: "m", size: PictureSize("256x256")!, quality: .hd)
    var other = job
    other.seed = 1
    let file = try fixture.generator.files(of: job)
    #expect(try fixture.generator.files(of: job) == file)
    #expect(try fixture.generator.files(of: other) != file)
  }

  @Test func `several threads may draw at once`() async throws {
    let fixture = try Fixture()
    let expected = try (0..<4).map { try fixture.generator.files(of: job($0)) }
    try await withThrowingTaskGroup(of: (Int, [[UInt8]]).self) { group in
      for index in 0..<40 {
        group.addTask { (index % 4, try fixture.generator.files(of: self.job(index % 4))) }
      }
      for try await (index, file) in group { #expect(file == expected[index]) }
    }
  }

  @Test func `an image says what it is`() throws {
    let fixture = try Fixture()
    let job = ImageJob(prompt: "A \"lake\"\0", model: "m", size: PictureSize("256x256")!, style: .natural, seed: .max)
    let file = try fixture.generator.files(of: job, count: 3)[2]
    let said =
      #"{"prompt":"A \"lake\"\u0000","model":"m","size":"256x256","quality":"standard","style":"natural","seed":18446744073709551615,"index":2,"background":"opaque"}"#
    #expect(file.contains(Array(said.utf8)))
  }

  @Test func `a stored image comes back with its format and its times`() throws {
    let fixture = try Fixture()
    let job = ImageJob(prompt: "A lake", size: PictureSize("256x256")!, encoding: Encoding(.webp))
    let id = try #require(try fixture.generator.generate(job).first)
    let image = try #require(try fixture.generator.image(for: id))
    #expect(image.format == .webp)
    #expect(try image.bytes == fixture.generator.files(of: job)[0])
    #expect(image.expires - image.created == 3600 * 1_000_000_000)
    fixture.generator.sweep()
    #expect(try fixture.generator.image(for: id) == image)
  }

  @Test func `edits and variations need an upload, and use it`() throws {
    let fixture = try Fixture()
    var job = ImageJob(prompt: "A lake", size: PictureSize("256x256")!)
    let upload = try fixture.generator.files(of: job)[0]
    for operation in [ImageJob.Operation.edit, .variation] {
      job.operation = operation
      #expect(throws: ImageGenerationError.self) { try fixture.generator.files(of: job) }
      let sources = try SourceImages(images: [upload])
      #expect(try fixture.generator.files(of: job, sources: sources)[0] != upload)
    }
  }

  @Test func `an upload that is not usable is named`() {
    let png = try? Fixture().generator.files(of: ImageJob(prompt: "A lake", size: PictureSize("256x256")!))[0]
    #expect(throws: ImageGenerationError.unusableUpload("image 2", reason: "not a PNG, JPEG or WebP file")) {
      try SourceImages(images: [png!, [1, 2, 3]])
    }
    #expect(throws: ImageGenerationError.unusableUpload("mask", reason: "it has no alpha channel")) {
      try SourceImages(images: [png!], mask: png!)
    }
    #expect(throws: ImageGenerationError.invalidArgument(name: "images.count", value: "0", allowed: "1 to 16")) {
      try SourceImages(images: [[UInt8]]())
    }
  }

  @Test(arguments: [-1, 0, 11, .min, .max]) func `a count outside of 1 to 10 is an error, not a trap`(count: Int) throws {
    let fixture = try Fixture()
    func error(_ name: String) -> ImageGenerationError { .invalidArgument(name: name, value: "\(count)", allowed: "1 to 10") }
    #expect(throws: error("count")) { try fixture.generator.generate(ImageJob(prompt: "A lake"), count: count) }
    #expect(throws: error("n")) { try fixture.generator.generate(prompt: "A lake", n: count) }
  }

  @Test(arguments: [
    (ImageGenerator.Configuration(storeName: "a/b"), "storeName is \"a/b\"; allowed: 1 to 32 of a-z, 0-9 and -"),
    (.init(storeName: ""), "storeName is \"\"; allowed: 1 to 32 of a-z, 0-9 and -"),
    (.init(storeSize: -1), "storeSize is -1; allowed: 1048576 to 1099511627776 bytes"),
    (.init(storeSize: .max), "storeSize is 9223372036854775807; allowed: 1048576 to 1099511627776 bytes"),
    (.init(retentionHours: .infinity), "retentionHours is inf; allowed: above 0 and at most 8760"),
    (.init(retentionHours: .nan), "retentionHours is nan; allowed: above 0 and at most 8760"),
    (.init(retentionHours: 0), "retentionHours is 0.0; allowed: above 0 and at most 8760"),
    (.init(font: "/dev/null/none"), "cannot read the font file /dev/null/none"),
  ])
  func `a configuration outside of what is allowed is an error, not a trap`(
    configuration: ImageGenerator.Configuration, message: String
  ) {
    let error = #expect(throws: ImageGenerationError.self) { _ = try ImageGenerator(configuration: configuration) }
    #expect(error?.description == message)
  }

  @Test func `megabytes have two decimals`() {
    let fixture = try? Fixture()
    var statistics = fixture!.generator.storageStatistics()
    statistics.totalSizeBytes = 1_572_864
    #expect(statistics.totalSizeMB == 1.5)
    statistics.totalSizeBytes = 123_456
    #expect(statistics.totalSizeMB == 0.12)
  }

  private struct WrongKind: Error {}

  private func job(_ index: Int) -> ImageJob {
    ImageJob(prompt: "Thread \(index)", model: "m", size: PictureSize(width: 300 + index, height: 200)!, quality: .hd)
  }
}
