import Drawing
import FastCGI
import ImageGeneration
import JSON

/// A validated request to one of the endpoints that make images.
///
/// Checks follow the API's documented order: model, unknown keys, prompt, images, n, quality, output_compression, size, the rest.
struct ImageRequest: Sendable {
  var operation: ImageOperation
  var model: String
  var rules: ModelRules
  /// The prompt; "" for a variation.
  var prompt: String
  var inputs: ImageInputs
  var n: Int
  var quality: QualityLevel
  var compression: Int
  var size: PictureSize
  var style: Style
  var responseFormat: ResponseFormat
  var output: OutputFormat
  /// The animation of a GIF.
  var animation: Encoding.Animation
  var isTransparent: Bool
  /// Number of partial images before each finished one; nil if the response is not a stream.
  var partialImages: Int?
  /// The end user: `safety_identifier` or, by its older name, `user`.
  var safetyIdentifier: String?
  var svg: SVGRequest?
  /// Another seed gives other images for the same request.
  var seed: UInt64 = 0

  /// - Parameter deployment: Azure's name for the model, used if the body names none.
  init(_ operation: ImageOperation, _ parameters: Parameters, _ profile: ProfileRules, deployment: String? = nil) throws(APIError) {
    self.operation = operation
    let model = try Self.model(operation, parameters, profile, deployment)
    let rules = profile.rules(for: model)
    (self.model, self.rules) = (model.id, rules)
    if profile.isStrict { try parameters.refuseUnknown(operation, rules.family) }
    prompt = try operation == .variation ? "" : Self.prompt(parameters, profile, rules)
    inputs = try ImageInputs(operation, parameters, rules, checksMediaTypes: profile.isStrict)
    n = try parameters.integer("n", in: rules.counts) ?? 1
    quality = try parameters.choice("quality", of: rules.qualities).flatMap(QualityLevel.named) ?? .auto
    compression = try parameters.integer("output_compression", in: 0...100) ?? 100
    size = try rules.sizes.size(parameters.string("size") ?? rules.sizes.absent)
    style = try parameters.choice("style", of: Style.allCases.map(\.rawValue)).flatMap(Style.init(rawValue:)) ?? .vivid
    responseFormat = try Self.responseFormat(parameters, profile, rules)
    output = try Self.outputFormat(parameters)
    isTransparent = try parameters.choice("background", of: ["transparent", "opaque", "auto"]) == "transparent"
    _ = try parameters.choice("moderation", of: ["auto", "low"])
    _ = try parameters.choice("complexity", of: ["low", "medium", "high"])
    partialImages = operation == .variation ? nil : try Self.partialImages(parameters)
    let user = try parameters.string("user")
    safetyIdentifier = try parameters.string("safety_identifier") ?? user
    svg = try parameters.object("svg").map { parameters throws(APIError) in try SVGRequest(parameters) }
    animation = Encoding.Animation(
      frameCount: try parameters.integer("frame_count", in: 2...16) ?? 9,
      frameDuration: try parameters.integer("frame_duration_ms", in: 1...Int(Int32.max)) ?? 200)
    let fidelity = try parameters.choice("input_fidelity", of: ["high", "low"])
    if profile.isStrict, fidelity != nil, !rules.takesInputFidelity { throw .noInputFidelity(model.id) }
    if profile.isStrict { try refuseCombinations(parameters) }
    // Streams support only the listed formats.
    if partialImages != nil, !output.isNamed { output = .png }
  }

  /// Whether the image has an alpha channel. Some formats have none, and edits and variations are always opaque.
  var hasAlpha: Bool { isTransparent && output.format.hasAlpha && operation == .generation }

  /// The job for the renderer.
  var job: ImageJob {
    let encoding = Encoding(output.format, compression: compression, animation: output.format == .gif ? animation : nil)
    var job = ImageJob(
      prompt: prompt, model: model, size: size, quality: quality.drawn, style: style, seed: seed, isTransparent: isTransparent,
      encoding: encoding)
    job.operation = operation.drawn
    return job
  }
}

extension ImageRequest {
  private static func model(
    _ operation: ImageOperation, _ parameters: Parameters, _ profile: ProfileRules, _ deployment: String?
  ) throws(APIError) -> Model {
    if profile.defaultModel == nil, deployment == nil, parameters["model"] == .null {
      throw .wrongType("model", expected: "a string", got: ParameterValue.null.kind)
    }
    var name = try parameters.string("model")
    // Some clients send an empty string for parameters that are not set.
    if profile.takesAnyModel, name?.isEmpty == true { name = nil }
    let isGPT = operation == .edit || operation == .generation && (try? parameters.boolean("stream")) == true
    guard let id = name ?? deployment ?? (isGPT ? profile.defaultGPTModel : profile.defaultModel) else { throw .missing("model") }
    guard let model = profile.model(named: id), operation == .generation || profile.rules(for: model).inputImages > 0 else {
      throw .unknownModel(id)
    }
    return model
  }

  private static func prompt(_ parameters: Parameters, _ profile: ProfileRules, _ rules: ModelRules) throws(APIError) -> String {
    if profile.isStrict, parameters["prompt"] == .null {
      throw .wrongType("prompt", expected: "a string", got: ParameterValue.null.kind)
    }
    guard let prompt = try parameters.string("prompt") else { throw .missing("prompt") }
    guard !prompt.isEmpty else { throw .emptyString("prompt") }
    // Code points, as Python's `len` counts them.
    let length = prompt.unicodeScalars.count
    guard length <= rules.longestPrompt else {
      throw rules.hasOldPromptWording
        ? .promptTooLong(length: length, maximum: rules.longestPrompt)
        : .tooLong("prompt", length: length, maximum: rules.longestPrompt)
    }
    return prompt
  }

  /// GPT image models return the image itself, unless the profile allows requests for URLs. All others return a URL unless the request asks
  /// for the image.
  private static func responseFormat(
    _ parameters: Parameters, _ profile: ProfileRules, _ rules: ModelRules
  ) throws(APIError) -> ResponseFormat {
    let name = try parameters.choice("response_format", of: ResponseFormat.allCases.map(\.rawValue))
    if rules.family == .gpt, !profile.hasURLsForGPT { return .base64 }
    return name.flatMap(ResponseFormat.init(rawValue:)) ?? (rules.family == .gpt ? .base64 : .url)
  }

  private static func outputFormat(_ parameters: Parameters) throws(APIError) -> OutputFormat {
    let (named, unnamed) = (OutputFormat.all.filter(\.isNamed), OutputFormat.all.filter { !$0.isNamed })
    let name = try parameters.choice("output_format", of: named.map(\.name), unnamed: unnamed.map(\.name))
    return OutputFormat.all.first { $0.name == name } ?? .png
  }

  private static func partialImages(_ parameters: Parameters) throws(APIError) -> Int? {
    let isStream = try parameters.boolean("stream") == true
    let count = try parameters.integer("partial_images", in: 0...3) ?? 0
    return isStream ? count : nil
  }
}

extension ImageRequest {
  /// Throws if parameters that are valid by themselves contradict each other.
  func refuseCombinations(_ parameters: Parameters) throws(APIError) {
    if partialImages != nil, n > 1 { throw .streamOfSeveral }
    if inputs.mask != nil, inputs.markup != nil { throw .maskAndMarkup }
    if inputs.markup != nil, !rules.takesMarkup { throw .unknownParameter("markup") }
    if compression < 100, !output.format.isCompressible { throw .incompressible(output) }
    if isTransparent, !output.format.hasAlpha { throw .opaqueFormat(output) }
    for (name, format) in [("frame_count", "gif"), ("frame_duration_ms", "gif"), ("svg", "svg")]
    where parameters.isGiven(name) && output.name != format {
      throw .onlyWithFormat(name, format)
    }
    if !output.isNamed, partialImages != nil { throw .notWithFormat("stream", "", output) }
    if output.name == "gif", inputs.mask != nil { throw .notWithFormat("mask", "", output) }
    if output.name == "svg", n > 1 { throw .notWithFormat("n", " above 1", output) }
  }
}
