/// An image model: its entry in `/v1/models`, and the parameters that it accepts.
struct Model: Sendable {
  var id: String
  /// Seconds since 1970.
  var created: Int
  /// `YYYY-MM-DD`, if the real API has retired the model.
  var shutdownDate: String?
  var rules: ModelRules

  /// All models that the API has ever had. For snapshots, `created` is the date in the name.
  static let known = [
    Model(id: "dall-e-2", created: 1_698_798_177, shutdownDate: "2026-05-12", rules: .dallE2),
    Model(id: "dall-e-3", created: 1_698_785_189, shutdownDate: "2026-05-12", rules: .dallE3),
    Model(id: "gpt-image-1", created: 1_745_517_030, shutdownDate: "2026-10-23", rules: .gptImage1),
    Model(id: "gpt-image-1-mini", created: 1_758_845_821, rules: .gptImage1Mini),
    Model(id: "gpt-image-1.5", created: 1_764_030_620, rules: .gptImage1),
    Model(id: "chatgpt-image-latest", created: 1_765_925_279, rules: .gptImage1),
    Model(id: "gpt-image-2", created: 1_776_729_600, rules: .gptImage2),
    Model(id: "gpt-image-2-2026-04-21", created: 1_776_729_600, rules: .gptImage2),
    Model(id: "gpt-image-2.5-sunburst", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-sunburst-2026-09-08", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-flare", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-flare-2026-09-08", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.6-sunburst", created: 1_788_825_600, rules: .gptImage26),
    Model(id: "gpt-image-2.6-flare", created: 1_788_825_600, rules: .gptImage26),
  ]

  /// A model that is not in the table. It is treated as a GPT image model if its name looks like one, otherwise as one of DALL·E's kind.
  static func unknown(_ id: String) -> Model {
    Model(id: id, created: known[0].created, rules: isGPT(id) ? .gptImage2 : .unnamed)
  }

  static func isGPT(_ id: String) -> Bool { id.hasPrefix("gpt-image") || id.hasPrefix("chatgpt-image") }
}

/// The two families of image models, which differ in their parameters and responses.
enum ModelFamily: Sendable {
  case dallE
  case gpt
}

/// A model's limits and enumerations. A new model is a row in ``Model/known`` and, if it differs from the others, one here.
struct ModelRules: Sendable {
  var family: ModelFamily
  /// Maximum number of characters in a prompt.
  var longestPrompt = 32_000
  /// Whether a longer prompt is refused with dall-e-2's wording.
  var hasOldPromptWording = false
  /// Number of images per request.
  var counts = AllowedValues.counts
  var sizes: SizeRule
  var qualities: [String]
  /// Whether the response contains the revised prompt.
  var revisesPrompts = false
  /// Maximum number of input images of an edit; 0 if the model supports no edits.
  var inputImages = 16
  /// Whether input images must be square PNG files of less than 4 MB.
  var wantsSquarePNG = false
  /// Whether an edit may have a drawing over its image.
  var takesMarkup = false
  /// The values of `input_fidelity` that an edit may have.
  var fidelities: [String] = []
  /// The media types that files may have.
  var mediaTypes = usualMediaTypes
  /// Whether a response has URLs if its request does not say; otherwise it has the images themselves.
  var answersURLs = false
  var tokens = TokenRule.patches

  static let dallE2 = ModelRules(
    family: .dallE, longestPrompt: 1000, hasOldPromptWording: true, sizes: .dallE2, qualities: ["standard", "hd"], inputImages: 1,
    wantsSquarePNG: true, mediaTypes: ["image/png"], answersURLs: true)
  static let dallE3 = ModelRules(
    family: .dallE, longestPrompt: 4000, counts: 1...1, sizes: .dallE3, qualities: ["standard", "hd"], revisesPrompts: true,
    inputImages: 0, answersURLs: true)

  /// gpt-image-1 and its successors.
  static let gptImage1 = ModelRules(family: .gpt, sizes: .gptImage1, qualities: gptQualities, fidelities: ["high", "low"])
  static let gptImage1Mini = ModelRules(family: .gpt, sizes: .gptImage1, qualities: gptQualities, fidelities: ["low"])
  static let gptImage2 = ModelRules(family: .gpt, sizes: .gptImage2, qualities: gptQualities, tokens: .grid)
  static let gptImage25 = ModelRules(
    family: .gpt, sizes: .gptImage2, qualities: finestQualities, takesMarkup: true, tokens: .grid)
  static let gptImage26 = ModelRules(family: .gpt, sizes: .gptImage2, qualities: finestQualities, tokens: .grid)

  /// An unknown model.
  static let unnamed = ModelRules(family: .dallE, sizes: .any, qualities: QualityLevel.all.map(\.name))

  /// The values of all models together, for profiles that mix them. The response still follows the model's own family.
  static let mixed = ModelRules(
    family: .gpt, sizes: .any, qualities: QualityLevel.all.map(\.name), takesMarkup: true, fidelities: AllowedValues.fidelities)

  static let usualMediaTypes = ["image/jpeg", "image/png", "image/webp"]
  private static let gptQualities = ["low", "medium", "high", "auto"]
  private static let finestQualities = gptQualities + ["xhigh", "max"]
}
