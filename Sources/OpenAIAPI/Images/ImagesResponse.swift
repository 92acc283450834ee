import Drawing
import FastCGI
import ImageGeneration
import ImageStore
import JSON

/// The response with images, in the format of the model's family.
struct ImagesResponse: Sendable {
  var request: ImageRequest
  /// Seconds since 1970.
  var created: Int
  var images: [ImageEntry]

  var response: Response { .json(.object(members)) }

  private var members: [JSONMember] {
    if request.operation == .upscale { return upscaleMembers }
    return request.rules.family == .gpt ? gptMembers : dallEMembers
  }

  private var dallEMembers: [JSONMember] { [("created", .integer(created)), data] }

  private var upscaleMembers: [JSONMember] {
    dallEMembers + [("output_format", .string(request.output.name)), ("size", .string(request.size.description))]
  }

  private var gptMembers: [JSONMember] {
    [("created", .integer(created)), ("background", request.answeredBackground), data]
      + [("output_format", .string(request.output.name)), ("quality", .string(request.quality.answered))]
      + request.answeredSafetyIdentifier + [("size", .string(request.size.description))]
      + (request.svg.map { [("svg_usage", SVGUsage($0, request).json)] } ?? [])
      + [("usage", ImageUsage(request).json(withOutputDetails: true))]
  }

  private var data: JSONMember {
    let revised = request.rules.revisesPrompts ? request.prompt : nil
    return ("data", .array(images.map { $0.json(revisedPrompt: revised) }))
  }
}

extension ImageRequest {
  /// The background that was drawn; never `auto`.
  var answeredBackground: JSONText { .string(hasAlpha ? "transparent" : "opaque") }

  var answeredSafetyIdentifier: [JSONMember] { safetyIdentifier.map { [("safety_identifier", .string($0))] } ?? [] }
}

/// One element of a response's `data`: the URL of an image, or the image itself.
struct ImageEntry: Sendable {
  /// The image's id, if it can be fetched.
  private(set) var id: ImageID?
  private var key: String
  private var value: JSONText

  init(stored id: ImageID, _ format: ImageFormat, links: ImageLinks) {
    (self.id, key, value) = (id, "url", .string(links.url(id.description, format)))
  }

  /// - Parameter id: that of a copy that can be fetched.
  init(file: [UInt8], kept id: ImageID? = nil) {
    (self.id, key, value) = (id, "b64_json", .base64(file))
  }

  /// An entry for an image that was not drawn.
  init(madeUpFor format: ResponseFormat, links: ImageLinks) {
    switch format {
    case .url: (key, value) = ("url", .string(links.madeUpURL()))
    case .base64: (key, value) = ("b64_json", .string(Self.onePixel))
    }
  }

  /// An entry whose image is missing.
  init(missing format: ResponseFormat, links: ImageLinks) {
    switch format {
    case .url: (key, value) = ("url", .string(links.url(APIService.randomHexadecimal(), .png)))
    case .base64: (key, value) = ("b64_json", .null)
    }
  }

  /// - Parameter revisedPrompt: the prompt after the model's revision; nil if the model does not report it.
  func json(revisedPrompt: String?) -> JSONText {
    .object([(key, value)] + (revisedPrompt.map { [("revised_prompt", .string($0))] } ?? []))
  }

  /// A PNG of one pixel, in base64.
  static let onePixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
