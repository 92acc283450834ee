import Drawing
import FastCGI
import ImageGeneration
import JSON
import Spelling

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
  /// The animation of a GIF or, in a profile that is not strict, of a WebP; nil for a still image.
  var animation: Encoding.Animation?
  /// The pattern on the background; nil for the usual one.
  var pattern: Pattern?
  var isTransparent: Bool
  /// Number of partial images before each finished one; nil if the response is not a stream.
  var partialImages: Int?
  /// The end user: `safety_identifier` or, by its older name, `user`.
  var safetyIdentifier: String?
  var svg: SVGRequest?
  /// How much larger an upscale makes its image, on whose size ``size`` then depends; nil for all other requests.
  var enlargement: Enlargement?
  /// Another seed gives other images for the same request.
  var seed: UInt64 = 0
  /// The time in the watermark, in nanoseconds since 1970; nil: that of drawing.
  var moment: Int64?
  /// The file that each image shows, by its index in the response; empty: the images are drawn.
  var pictures: [String] = []
  /// The template by which the images are drawn; nil: the usual layout.
  var template: TemplateUse?
  /// Whether the request is accepted at once and its client polls, see ``AzureOperation``.
  var isSubmission = false
  /// Whether the images are those of the Responses API's tool, which draws one for each of its calls: see ``ImageTool``.
  var isToolCall = false
  /// The parameters that have no effect, which only a profile that is not strict lets pass.
  var ignored: [String] = []

  /// - Parameters:
  ///   - deployment: Azure's name for the model, used if the body names none.
  ///   - format: the response format of requests that name none; nil: the model's. Strict profiles do not use it.
  init(
    _ operation: ImageOperation, _ parameters: Parameters, _ profile: ProfileRules, deployment: String? = nil,
    format: ResponseFormat? = nil
  ) throws(APIError) {
    let model = try Self.model(operation, parameters, profile, deployment)
    let rules = profile.rules(for: model)
    if profile.isStrict { try parameters.refuseUnknown(operation, rules.family) }
    let prompt = try operation == .variation ? "" : Self.prompt(parameters, rules)
    let inputs = try ImageInputs(operation, parameters, rules, checksMediaTypes: profile.isStrict)
    try self.init(operation, model, drawing: prompt, on: inputs, parameters, profile, format: format)
    if !profile.isStrict { ignored = parameters.names(withoutEffectOn: operation) }
  }

  /// Checks everything but the model, the prompt and the images, which do not come from the parameters.
  init(
    _ operation: ImageOperation, _ model: Model, drawing prompt: String, on inputs: ImageInputs, _ parameters: Parameters,
    _ profile: ProfileRules, format: ResponseFormat? = nil
  ) throws(APIError) {
    let rules = profile.rules(for: model)
    (self.operation, self.model, self.rules, self.prompt, self.inputs) = (operation, model.id, rules, prompt, inputs)
    n = try parameters.integer("n", in: rules.counts) ?? 1
    quality = try parameters.choice("quality", of: rules.qualities).flatMap(QualityLevel.named) ?? .auto
    compression = try parameters.integer("output_compression", in: AllowedValues.compression) ?? 100
    size = try rules.sizes.size(parameters.string("size") ?? rules.sizes.absent, isLenient: parameters.isLenient)
    style = try parameters.choice("style", of: AllowedValues.styles).flatMap(Style.init(rawValue:)) ?? .vivid
    pattern = try parameters.choice("pattern", of: AllowedValues.patterns).flatMap(Pattern.init(rawValue:))
    responseFormat = try Self.responseFormat(parameters, profile, rules, format)
    output = try Self.outputFormat(parameters)
    isTransparent = try parameters.choice("background", of: AllowedValues.backgrounds) == "transparent"
    _ = try parameters.choice("moderation", of: AllowedValues.moderations)
    _ = try parameters.choice("complexity", of: AllowedValues.complexities)
    partialImages = operation == .variation ? nil : try Self.partialImages(parameters)
    let user = try parameters.string("user")
    safetyIdentifier = try parameters.string("safety_identifier") ?? user
    svg = try parameters.object("svg").map { parameters throws(APIError) in try SVGRequest(parameters) }
    animation = try Self.animation(parameters)
    let fidelity = try parameters.choice("input_fidelity", of: AllowedValues.fidelities)
    if let fidelity, !rules.fidelities.contains(fidelity) { throw .noInputFidelity(model.id) }
    if profile.isStrict { try refuseCombinations(parameters) }
    // Streams support only the listed formats.
    if partialImages != nil, !output.isNamed { output = .png }
    let isStill = partialImages != nil || profile.isStrict || !Self.animationNames.contains(where: parameters.isGiven)
    if output.name != "gif", output.name != "webp" || isStill { animation = nil }
  }

  /// Whether the image has an alpha channel. Some formats have none, and edits and variations are always opaque.
  var hasAlpha: Bool { isTransparent && output.format.hasAlpha && operation == .generation }

  /// The job for the renderer.
  var job: ImageJob {
    let encoding = Encoding(output.format, compression: compression, animation: animation)
    var job = ImageJob(
      prompt: prompt, model: model, size: size, quality: quality.drawn, style: style, seed: seed, isTransparent: isTransparent,
      encoding: encoding)
    (job.operation, job.moment, job.pattern) = (operation.drawn, moment, pattern)
    return job
  }
}

extension ImageRequest {
  private static func model(
    _ operation: ImageOperation, _ parameters: Parameters, _ profile: ProfileRules, _ deployment: String?
  ) throws(APIError) -> Model {
    let name = try parameters.string("model") ?? deployment
    guard let id = name ?? defaultModel(operation, parameters, profile) else { throw .missing("model") }
    guard let model = profile.model(named: id), operation == .generation || profile.rules(for: model).inputImages > 0 else {
      throw .unknownModel(id, among: profile.models)
    }
    return model
  }

  private static func defaultModel(_ operation: ImageOperation, _ parameters: Parameters, _ profile: ProfileRules) -> String? {
    let isStream = (try? parameters.boolean("stream")) == true
    let needsGPT = isStream || (operation == .edit || profile.isStrict) && parameters.needGPT
    if needsGPT, operation != .variation, let model = profile.defaultGPTModel { return model }
    return operation == .edit ? profile.defaultEditModel : profile.defaultModel
  }

  private static func prompt(_ parameters: Parameters, _ rules: ModelRules) throws(APIError) -> String {
    guard let prompt = try parameters.string("prompt") else {
      let isMisspelt = parameters.unknown.nearest(to: "prompt") != nil
      throw .missing("prompt").explained(isMisspelt ? "a parameter with a similar name was sent; did you mean prompt?" : nil)
    }
    guard !prompt.isEmpty else { throw .emptyString("prompt") }
    // Code points, as Python's `len` counts them. There are no more of them than bytes.
    let length = prompt.utf8.count <= rules.longestPrompt ? prompt.utf8.count : prompt.unicodeScalars.count
    guard length <= rules.longestPrompt else {
      throw rules.hasOldPromptWording
        ? .promptTooLong(length: length, maximum: rules.longestPrompt)
        : .tooLong("prompt", length: length, maximum: rules.longestPrompt)
    }
    return prompt
  }

  /// GPT image models return the image itself, unless the profile allows requests for URLs. Of the others, the real API's own return a URL
  /// unless the request asks for the image, see the decision "Which response format is the default".
  private static func responseFormat(
    _ parameters: Parameters, _ profile: ProfileRules, _ rules: ModelRules, _ setting: ResponseFormat?
  ) throws(APIError) -> ResponseFormat {
    let name = try parameters.choice(
      "response_format", of: AllowedValues.responseFormats, synonyms: responseFormatSynonyms)
    if rules.family == .gpt, !profile.hasURLsForGPT { return .base64 }
    let usual: ResponseFormat = rules.answersURLs ? .url : .base64
    return name.flatMap(ResponseFormat.init(rawValue:)) ?? (profile.isStrict ? nil : setting) ?? usual
  }

  private static let formatSynonyms = ["jpg": "jpeg"]
  private static let responseFormatSynonyms = ["base64": "b64_json", "b64": "b64_json"]

  private static func outputFormat(_ parameters: Parameters) throws(APIError) -> OutputFormat {
    let name = try parameters.choice(
      "output_format", of: OutputFormat.named, unnamed: OutputFormat.unnamed, synonyms: formatSynonyms)
    return OutputFormat.all.first { $0.name == name } ?? .png
  }

  private static func animation(_ parameters: Parameters) throws(APIError) -> Encoding.Animation {
    Encoding.Animation(
      frameCount: try parameters.integer("frame_count", in: AllowedValues.frameCount) ?? 9,
      frameDuration: try parameters.integer("frame_duration_ms", in: AllowedValues.frameDuration) ?? 200,
      motion: try parameters.choice("motion", of: AllowedValues.motions).flatMap(Motion.init(rawValue:)) ?? .drift)
  }

  /// A WebP with one of these is animated. A GIF always is.
  private static let animationNames = ["frame_count", "frame_duration_ms", "motion"]

  private static func partialImages(_ parameters: Parameters) throws(APIError) -> Int? {
    let isStream = try parameters.boolean("stream") == true
    let count = try parameters.integer("partial_images", in: AllowedValues.partialImages) ?? 0
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
