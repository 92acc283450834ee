import Drawing
import FastCGI
import ImageGeneration

/// What `POST /v1/images/generations` asks for, checked.
///
/// Checks come in the API's documented order: model, prompt, n, quality, size, the rest. Unknown keys are ignored.
struct GenerationRequest {
  var model: String
  var prompt: String
  var n: Int
  var quality: Quality
  var size: PictureSize
  var style: Style
  var responseFormat: ResponseFormat
  var user: String?
  var isTransparent: Bool

  init(parsing request: Request) throws(APIError) {
    try self.init(Parameters(of: request))
  }

  init(_ parameters: Parameters) throws(APIError) {
    model = try parameters.string("model").flatMap { $0.isEmpty ? nil : $0 } ?? "dall-e-3"
    prompt = try Self.prompt(parameters)
    n = try parameters.integer("n", in: 1...10) ?? 1
    quality = try parameters.choice("quality", of: Self.qualities.map(\.name)).flatMap(Self.quality(named:)) ?? .standard
    size = try SizeRule.fakeai.size(parameters.string("size") ?? "auto")
    style = try parameters.choice("style", of: Style.allCases.map(\.rawValue)).flatMap(Style.init(rawValue:)) ?? .vivid
    responseFormat = try Self.responseFormat(parameters, model: model)
    user = try parameters.string("user")
    // Of the formats that there are, png has an alpha channel.
    isTransparent = try parameters.choice("background", of: ["transparent", "opaque", "auto"]) == "transparent"
    try Self.refuseUnfinished(parameters)
  }

  /// Characters of the longest prompt.
  static let longestPrompt = 32_000

  private static func prompt(_ parameters: Parameters) throws(APIError) -> String {
    guard let prompt = try parameters.string("prompt") else { throw .missing("prompt") }
    guard !prompt.isEmpty else { throw .emptyString("prompt") }
    // Code points, as Python's len counts them.
    let length = prompt.unicodeScalars.count
    guard length <= longestPrompt else { throw .tooLong("prompt", length: length, maximum: longestPrompt) }
    return prompt
  }

  /// Every model's quality words, and what is drawn for each.
  private static let qualities: [(name: String, drawn: Quality)] = [
    ("standard", .standard), ("hd", .hd), ("low", .standard), ("medium", .standard), ("high", .hd), ("auto", .standard), ("xhigh", .hd),
    ("max", .hd),
  ]

  private static func quality(named name: String) -> Quality? { qualities.first { $0.name == name }?.drawn }

  /// GPT image models answer with the image itself unless asked otherwise, all others with a URL.
  private static func responseFormat(_ parameters: Parameters, model: String) throws(APIError) -> ResponseFormat {
    let name = try parameters.choice("response_format", of: ResponseFormat.allCases.map(\.rawValue))
    return name.flatMap(ResponseFormat.init(rawValue:)) ?? (Model.isGPT(model) ? .base64 : .url)
  }

  private static func refuseUnfinished(_ parameters: Parameters) throws(APIError) {
    if try parameters.boolean("stream") == true { throw .notYet("stream", "streaming") }
    let format = try parameters.choice("output_format", of: ["png", "webp", "jpeg"])
    if let format, format != "png" { throw .notYet("output_format", format) }
  }
}
