import Drawing
import ImageGeneration
import ImageStore
import Testing

/// A generator over a store of its own that goes with the test.
private final class Fixture: Sendable {
  private let place = TemporaryStore()
  let generator: ImageGenerator

  init() throws {
    generator = ImageGenerator(
      illustrator: try Illustrator(timestamp: "2026-01-02 03:04:05"),
      store: try SharedMemoryStore(name: place.name, size: 4 << 20, retentionHours: 1))
  }
}

@Suite struct ImageGeneratorTests {
  @Test func `generated images are stored and come back`() throws {
    let fixture = try Fixture()
    let images = try fixture.generator.generate(prompt: "A lake", size: PictureSize("256x256")!, n: 3)
    let ids = images.compactMap { if case .stored(let id) = $0 { id } else { nil } }
    #expect(Set(ids).count == 3)
    let files = ids.compactMap { fixture.generator.image(for: $0) }
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

  @Test func `equal descriptions make equal files, others do not`() throws {
    let fixture = try Fixture()
    let description = PictureDescription(prompt: "A lake", model: "m", size: PictureSize("256x256")!, quality: .hd)
    var other = description
    other.seed = 1
    let file = try fixture.generator.createImage(description)
    #expect(try fixture.generator.createImage(description) == file)
    #expect(try fixture.generator.createImage(other) != file)
  }

  @Test func `several threads may draw at once`() async throws {
    let fixture = try Fixture()
    let expected = try (0..<4).map { try fixture.generator.createImage(description($0)) }
    try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for index in 0..<40 {
        group.addTask { (index % 4, try fixture.generator.createImage(self.description(index % 4))) }
      }
      for try await (index, file) in group { #expect(file == expected[index]) }
    }
  }

  @Test func `a picture says what it is`() throws {
    let fixture = try Fixture()
    let file = try fixture.generator.createImage(
      PictureDescription(prompt: "A \"lake\"\0", model: "m", size: PictureSize("256x256")!, style: .natural, index: 2, seed: .max))
    let said =
      #"{"prompt":"A \"lake\"\u0000","model":"m","size":"256x256","quality":"standard","style":"natural","seed":18446744073709551615,"index":2,"background":"opaque"}"#
    #expect(file.contains(Array(said.utf8)))
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

  private func description(_ index: Int) -> PictureDescription {
    PictureDescription(prompt: "Thread \(index)", model: "m", size: PictureSize(width: 300 + index, height: 200)!, quality: .hd)
  }
}
