import Foundation
import ImageGeneration
import Testing

@Suite struct UploadTests {
  private let renderer: ImageRenderer
  private let place = TemporaryStore()

  init() throws { renderer = try ImageRenderer(timestamp: "2026-01-02 03:04:05") }

  @Test func `an edit draws a prompt over a file, where its mask is transparent`() throws {
    let photograph = try written(ImageJob(prompt: "A lake", size: .small, quality: .hd, encoding: Encoding(.jpeg)))
    let mask = try written(ImageJob(prompt: "Here", size: .small, isTransparent: true))
    defer { for file in [photograph, mask] { try? FileManager.default.removeItem(at: file) } }

    let job = ImageJob(.edit, prompt: "A boat", size: .small)
    let whole = try SourceImages(images: [read(photograph)])
    let masked = try SourceImages(images: [read(photograph)], mask: read(mask))
    let files = try [whole, masked].map { try renderer.image(of: job, sources: $0) }
    #expect(files[0] != files[1])
  }

  @Test func `a variation recolours a file`() throws {
    let photograph = try written(ImageJob(prompt: "A lake", size: .small, quality: .hd, encoding: Encoding(.webp)))
    defer { try? FileManager.default.removeItem(at: photograph) }

    let generator = try ImageGenerator(configuration: place.configuration())
    let sources = try SourceImages(images: [read(photograph)])
    let ids = try generator.generate(ImageJob(.variation, prompt: "", size: .small), count: 2, sources: sources)
    let files = try ids.compactMap { try generator.image(for: $0)?.bytes }
    #expect(files.count == 2 && files[0] != files[1])
  }

  @Test func `an upscale makes a file larger`() throws {
    let photograph = try written(ImageJob(prompt: "A lake", size: .small, quality: .hd, encoding: Encoding(.jpeg)))
    defer { try? FileManager.default.removeItem(at: photograph) }

    let generator = try ImageGenerator(configuration: place.configuration())
    let twice = try generator.upscale(read(photograph))
    let wider = try generator.upscale(twice, by: .factor(2.5), encoding: Encoding(.webp, compression: 80))
    #expect(twice.starts(with: [0x89, 0x50]) && wider.starts(with: Array("RIFF".utf8)))
    let id = try generator.store(wider, format: .webp)
    #expect(try generator.image(for: id)?.bytes == wider)
  }

  private func written(_ job: ImageJob) throws -> URL {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).\(job.encoding.format.fileExtension)")
    try Data(renderer.image(of: job)).write(to: file)
    return file
  }

  private func read(_ file: URL) throws -> [UInt8] { try Array(Data(contentsOf: file)) }
}
