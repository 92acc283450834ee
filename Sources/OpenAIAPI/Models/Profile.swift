/// Whose rules apply to a request.
package enum Profile: String, Sendable, CaseIterable {
  /// Every model, size and quality of every time. Whatever the official clients' types allow is answered with a picture.
  case fakeai
  /// The API as it is today.
  case openAI = "openai"
  /// The API as it was while dall-e-2, dall-e-3 and gpt-image-1 were served.
  case openAIDALLE = "openai-dalle"

  var rules: ProfileRules {
    switch self {
    case .fakeai: .fakeai
    case .openAI: .openAI
    case .openAIDALLE: .openAIDALLE
    }
  }
}

/// What a ``Profile`` comes to: one row each.
struct ProfileRules: Sendable {
  /// The models that `/v1/models` lists.
  var models: [Model]
  /// Whether any other model's name is taken too.
  var takesAnyModel: Bool
  /// The model where a request names none; nil: it must.
  var defaultModel: String?
  /// The same, for edits and for streams, of which DALL·E knows nothing.
  var defaultGPTModel: String?
  /// Whether unknown parameters and combinations without sense are refused, as by the real API, rather than ignored.
  var isStrict: Bool
  /// Whether every model takes what any of them takes, rather than its own sizes, qualities and lengths.
  var mixesModels: Bool
  /// Whether `response_format` is honoured for GPT image models too.
  var hasURLsForGPT: Bool
  var hasVariations: Bool
  /// Whether a request must bring a key, be it any.
  var needsKey: Bool

  static let fakeai = ProfileRules(
    models: Model.known, takesAnyModel: true, defaultModel: "dall-e-3", defaultGPTModel: "gpt-image-1", isStrict: false, mixesModels: true,
    hasURLsForGPT: true, hasVariations: true, needsKey: false)

  static let openAI = ProfileRules(
    models: Model.known.filter { $0.shutdownDate == nil }, takesAnyModel: false, defaultModel: nil, defaultGPTModel: nil, isStrict: true,
    mixesModels: false, hasURLsForGPT: false, hasVariations: false, needsKey: true)

  static let openAIDALLE = ProfileRules(
    models: Model.known.filter { $0.shutdownDate != nil }, takesAnyModel: false, defaultModel: "dall-e-2", defaultGPTModel: "dall-e-2",
    isStrict: true, mixesModels: false, hasURLsForGPT: false, hasVariations: true, needsKey: true)

  /// The model of that name, or nil where there is none here.
  func model(named id: String) -> Model? {
    models.first { $0.id == id } ?? (takesAnyModel ? .unknown(id) : nil)
  }

  /// What that model takes here.
  func rules(for model: Model) -> ModelRules {
    guard mixesModels else { return model.rules }
    var rules = ModelRules.mixed
    (rules.family, rules.tokens, rules.revisesPrompts) = (model.rules.family, model.rules.tokens, model.rules.revisesPrompts)
    return rules
  }
}
