/// Selects the rules that apply to a request.
package enum Profile: String, Sendable, CaseIterable {
  /// The models, sizes and qualities of all times. Every request that the official clients' types allow gets an image.
  case fakeai
  /// The API as it is today.
  case openAI = "openai"
  /// The API as it was while it offered dall-e-2, dall-e-3 and gpt-image-1.
  case openAIDALLE = "openai-dalle"

  var rules: ProfileRules {
    switch self {
    case .fakeai: .fakeai
    case .openAI: .openAI
    case .openAIDALLE: .openAIDALLE
    }
  }
}

/// The rules of a ``Profile``: one row each.
struct ProfileRules: Sendable {
  /// The models that `/v1/models` lists.
  var models: [Model]
  /// Whether names of other models are accepted too.
  var takesAnyModel: Bool
  /// The model if a request names none; nil if it must name one.
  var defaultModel: String?
  /// The same for edits.
  var defaultEditModel: String?
  /// The same for requests that only a GPT image model can fulfil; nil if they have no default of their own.
  var defaultGPTModel: String?
  /// Whether unknown parameters and contradictory combinations are refused, as by the real API, rather than ignored.
  var isStrict: Bool
  /// Whether every model accepts the sizes, qualities and prompt lengths of all models rather than only its own.
  var mixesModels: Bool
  /// Whether GPT image models honour `response_format` too.
  var hasURLsForGPT: Bool
  var hasVariations: Bool
  /// Whether a request must have a key, even if any key is accepted.
  var needsKey: Bool

  static let fakeai = ProfileRules(
    models: Model.known, takesAnyModel: true, defaultModel: "dall-e-3", defaultEditModel: "dall-e-2", defaultGPTModel: "gpt-image-1",
    isStrict: false, mixesModels: true, hasURLsForGPT: true, hasVariations: true, needsKey: false)

  static let openAI = ProfileRules(
    models: Model.known.filter { $0.shutdownDate == nil }, takesAnyModel: false, defaultModel: nil,
    defaultEditModel: "gpt-image-1.5", defaultGPTModel: nil, isStrict: true, mixesModels: false, hasURLsForGPT: false, hasVariations: false,
    needsKey: true)

  static let openAIDALLE = ProfileRules(
    models: Model.known.filter { $0.shutdownDate != nil }, takesAnyModel: false, defaultModel: "dall-e-2",
    defaultEditModel: "dall-e-2", defaultGPTModel: "gpt-image-1", isStrict: true, mixesModels: false, hasURLsForGPT: false,
    hasVariations: true, needsKey: true)

  /// The model of that name; nil if this profile does not have it.
  func model(named id: String) -> Model? {
    models.first { $0.id == id } ?? (takesAnyModel ? .unknown(id) : nil)
  }

  /// The rules for the model in this profile.
  func rules(for model: Model) -> ModelRules {
    guard mixesModels else { return model.rules }
    var rules = ModelRules.mixed
    (rules.family, rules.tokens, rules.revisesPrompts) = (model.rules.family, model.rules.tokens, model.rules.revisesPrompts)
    rules.answersURLs = model.rules.answersURLs
    return rules
  }
}
