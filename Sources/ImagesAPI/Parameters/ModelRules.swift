/// What a model takes: its limits and enumerations. A new model is a row in ``Model/known`` and, where it differs, one here.
struct ModelRules: Sendable {
  var family: ModelFamily
  /// Characters of the longest prompt.
  var longestPrompt = 32_000
  /// Whether a longer one is refused in dall-e-2's own words.
  var hasOldPromptWording = false
  /// Images of one request.
  var counts = 1...10
  var sizes: SizeRule
  var qualities: [String]
  /// Whether it answers with the prompt that it made of the one it got.
  var revisesPrompts = false
  /// How many images an edit may begin with; 0: the model edits none.
  var inputImages = 16
  /// Whether they must be square PNG files of less than 4 MB.
  var wantsSquarePNG = false
  /// Whether an edit may come with a drawing over its image.
  var takesMarkup = false
  /// Whether an edit may ask how closely to keep to its images.
  var takesInputFidelity = false
  var tokens = TokenRule.patches

  static let dallE2 = ModelRules(
    family: .dallE, longestPrompt: 1000, hasOldPromptWording: true, sizes: .dallE2, qualities: ["standard", "hd"], inputImages: 1,
    wantsSquarePNG: true)
  static let dallE3 = ModelRules(
    family: .dallE, longestPrompt: 4000, counts: 1...1, sizes: .dallE3, qualities: ["standard", "hd"], revisesPrompts: true,
    inputImages: 0)

  /// gpt-image-1 and its later sisters.
  static let gptImage1 = ModelRules(family: .gpt, sizes: .gptImage1, qualities: gptQualities, takesInputFidelity: true)
  static let gptImage1Mini = ModelRules(family: .gpt, sizes: .gptImage1, qualities: gptQualities)
  static let gptImage2 = ModelRules(family: .gpt, sizes: .gptImage2, qualities: gptQualities, tokens: .grid)
  static let gptImage25 = ModelRules(
    family: .gpt, sizes: .gptImage2, qualities: gptQualities + ["xhigh", "max"], takesMarkup: true, tokens: .grid)

  /// A model of somebody's own.
  static let unnamed = ModelRules(family: .dallE, sizes: .any, qualities: QualityLevel.all.map(\.name))

  /// What any of them takes, for profiles that mix them. What it answers with is the model's own.
  static let mixed = ModelRules(
    family: .gpt, sizes: .any, qualities: QualityLevel.all.map(\.name), takesMarkup: true, takesInputFidelity: true)

  private static let gptQualities = ["low", "medium", "high", "auto"]
}
