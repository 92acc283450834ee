import ImageCoding
import ImageGeneration
import Synchronization
import Testing

@testable import OpenAIAPI

/// Uploads with that many bytes of pixels, which count how often they are decoded.
private final class Decoder: Sendable {
  private let count = Atomic(0)
  private let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  var decoded: Int { count.load(ordering: .relaxed) }

  @Sendable func decode() throws(APIError) -> SourceImages {
    count.add(1, ordering: .relaxed)
    var uploads = SourceImages()
    uploads.images = [DecodedImage(width: bytes / 4, height: 1, hasAlpha: false, pixels: [UInt8](repeating: 255, count: bytes))]
    return uploads
  }
}

@Suite struct UploadShelfTests {
  @Test func `a stream's uploads are decoded once for all of its events`() throws {
    let (shelf, decoder) = (UploadShelf(byteLimit: 1000), Decoder(bytes: 400))
    let stream = StreamedUploads(on: shelf, decode: decoder.decode)
    for _ in 0..<4 { #expect(try stream.pixels().images.count == 1) }
    #expect(decoder.decoded == 1)
    #expect(shelf.byteCount == 400)
  }

  @Test func `a stream without memory decodes for each event until another one ends`() throws {
    let (shelf, decoder) = (UploadShelf(byteLimit: 1000, patience: .seconds(600)), Decoder(bytes: 400))
    var first: StreamedUploads? = StreamedUploads(on: shelf, decode: decoder.decode)
    let second = StreamedUploads(on: shelf, decode: decoder.decode)
    let late = Decoder(bytes: 400)
    let third = StreamedUploads(on: shelf, decode: late.decode)
    for _ in 0..<3 { for stream in [first!, second, third] { _ = try stream.pixels() } }
    #expect((decoder.decoded, late.decoded) == (2, 3))
    #expect(shelf.byteCount == 800)
    first = nil
    #expect(shelf.byteCount == 400)
    for _ in 0..<3 { _ = try third.pixels() }
    #expect(late.decoded == 4)
  }

  @Test func `a stream replaces one that has been idle`() throws {
    let (shelf, slow, fast) = (UploadShelf(byteLimit: 1000, patience: .zero), Decoder(bytes: 600), Decoder(bytes: 600))
    let (one, other) = (StreamedUploads(on: shelf, decode: slow.decode), StreamedUploads(on: shelf, decode: fast.decode))
    _ = try one.pixels()
    _ = try other.pixels()
    _ = try other.pixels()
    #expect((slow.decoded, fast.decoded) == (1, 1))
    #expect(shelf.byteCount == 600)
    _ = try one.pixels()
    #expect(slow.decoded == 2)
  }

  @Test func `uploads larger than the limit are not kept`() throws {
    let (shelf, decoder) = (UploadShelf(byteLimit: 1000), Decoder(bytes: 2000))
    let stream = StreamedUploads(on: shelf, decode: decoder.decode)
    for _ in 0..<2 { _ = try stream.pixels() }
    #expect(decoder.decoded == 2)
    #expect(shelf.byteCount == 0)
  }

  @Test func `a decoding error is thrown, and nothing is kept`() throws {
    let shelf = UploadShelf(byteLimit: 1000)
    let stream = StreamedUploads(on: shelf) { () throws(APIError) in throw .unreadableMask }
    #expect(throws: APIError.unreadableMask) { try stream.pixels() }
    #expect(shelf.byteCount == 0)
  }
}
