import FoundationEssentials
import ImageGeneration
import ImageStore
import JSON

/// One element of an answer's `data`: where an image is, or the image itself.
struct ImageEntry: Sendable {
  private var key: String
  private var value: JSONText

  /// - Parameter base: what the URL of a stored image begins with.
  init(_ image: GeneratedImage, _ format: ImageFormat, base: String) {
    switch image {
    case .stored(let id): (key, value) = ("url", .string("\(base)/images/\(id).\(format.contentType.fileExtension)"))
    // Nothing in base64 needs an escape, and it is long.
    case .file(let bytes): (key, value) = ("b64_json", .verbatim("\"\(Data(bytes).base64EncodedString())\""))
    }
  }

  /// An entry of which nothing was drawn.
  init(madeUpFor format: ResponseFormat) {
    switch format {
    case .url:
      (key, value) = ("url", .string("https://simulated-openai-images.example.com/\(ImagesService.randomHexadecimal()).png"))
    case .base64: (key, value) = ("b64_json", .string(Self.onePixel))
    }
  }

  /// An entry whose image is not there.
  init(missing format: ResponseFormat, base: String) {
    switch format {
    case .url: (key, value) = ("url", .string("\(base)/images/\(ImagesService.randomHexadecimal()).png"))
    case .base64: (key, value) = ("b64_json", .null)
    }
  }

  /// - Parameter revisedPrompt: what the model made of the prompt, where it tells.
  func json(revisedPrompt: String?) -> JSONText {
    .object([(key, value)] + (revisedPrompt.map { [("revised_prompt", .string($0))] } ?? []))
  }

  /// A PNG of one pixel, in base64.
  static let onePixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
