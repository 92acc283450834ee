import ImageCoding
import ImageStore
import JSON
import Multipart

@testable import OpenAIAPI

/// What is fuzzed: the readers of untrusted bytes, and the PNG encoder, which handles memory itself. Reading must end, without a crash, a
/// leak, or memory beyond its bounds; what it makes of the bytes is the tests' business, but for the few things that must hold whatever they
/// are.
enum Target: String, CaseIterable {
  case multipart, json, responses, id, png, jpeg, webp
  case pngEncoder = "png-encoder"

  func read(_ bytes: [UInt8]) {
    switch self {
    case .multipart: Self.readForm(bytes)
    case .json: Self.readJSON(bytes)
    case .responses: Self.readResponse(bytes)
    case .id: Self.readID(bytes)
    case .png, .jpeg, .webp: Self.readImage(bytes)
    case .pngEncoder: Self.encode(bytes)
    }
  }

  /// The first line is the content type.
  private static func readForm(_ bytes: [UInt8]) {
    let line = bytes.firstIndex(of: 10) ?? bytes.endIndex
    let body = Array(bytes[min(line + 1, bytes.endIndex)...])
    guard let form = try? MultipartForm(parsing: body, contentType: String(decoding: bytes[..<line], as: UTF8.self)) else { return }
    precondition(form.parts.count <= MultipartLimits().parts)
    for (one, next) in zip(form.parts, form.parts.dropFirst()) { precondition(one.content.endIndex < next.content.startIndex) }
  }

  private static func readJSON(_ bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes) else { return }
    _ = JournalBody(bytes, json: json)
    guard let parameters = try? Parameters(json: json) else { return }
    for profile in [ProfileRules.fakeai, .openAI, .openAIDALLE] {
      guard let asked = try? ImageRequest(.generation, parameters, profile) else { continue }
      precondition((1...10).contains(asked.n) && !asked.prompt.isEmpty)
    }
  }

  /// A request to /v1/responses: its conversation, tool and schema. What is made of it must be JSON again.
  private static func readResponse(_ bytes: [UInt8]) {
    guard let json = try? JSONValue(parsing: bytes) else { return }
    for profile in [ProfileRules.fakeai, .openAI] {
      guard let asked = try? ResponseRequest(json, profile, deployment: nil, isAzure: false, invents: true) else { continue }
      requireJSON(JSONText.object(asked.echo).compact)
      let message = asked.format.message(saying: "A text.")
      if case .jsonSchema = asked.format, !message.isRefusal { requireJSON(message.text) }
      let references = asked.input.pictures.compactMap(\.reference)
      let compacted = CompactedResponse(
        asked, json.object?.given("input"), pictures: references, after: nil, id: ResponseDocument.prefix, now: 0)
      requireJSON(compacted.json.compact)
      let made = Compaction(pictures: references)
      precondition(Compaction(content: made.content) == made)
      guard let image = try? asked.tool?.request(.edit, drawing: asked.input.prompt, profile, deployment: nil, isStream: true) else {
        continue
      }
      precondition(image.n == 1 && image.isToolCall)
    }
  }

  private static func requireJSON(_ text: String) {
    // The members that are added to what was sent may be more than a request can have.
    precondition((try? JSONValue(parsing: Array(text.utf8), limits: JSONLimits(values: 1 << 20, depth: 1024))) != nil)
  }

  private static func readID(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let id = ImageID(text) else { return }
    precondition(id.description == text)
  }

  /// Encodes the picture that the bytes describe. One encoder serves all of them, as in a renderer.
  private static func encode(_ bytes: [UInt8]) {
    guard let picture = DescribedPicture(bytes) else { return }
    do { try picture.requireSame(by: &encoder) } catch { preconditionFailure("\(error)") }
  }

  nonisolated(unsafe) private static var encoder = PNGEncoder()

  private static func readImage(_ bytes: [UInt8]) {
    for limit in [ImageDecoder.maximumPixels, 1000] {
      guard let image = try? ImageDecoder.decode(bytes.span, toPixels: limit) else { continue }
      precondition(image.width * image.height <= limit)
    }
  }
}
