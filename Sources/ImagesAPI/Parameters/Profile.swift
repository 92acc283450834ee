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
