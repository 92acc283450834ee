import Hashing
import JSON
import Simulation

/// The finding about one input: a list of words decides, so that a test knows the outcome. It does not understand what it reads.
struct ModerationResult: Sendable, Equatable {
  let input: ModerationInput
  let flagged: Set<String>

  /// - Parameter categories: flagged whatever the input is.
  init(of input: ModerationInput, flagging categories: [String]) {
    self.input = input
    let words = Set(input.text.lowercased().split { !$0.isLetter }.map(String.init))
    flagged = Self.words.reduce(into: Set(categories)) { if words.contains($1.word) { $0.insert($1.category) } }
  }

  /// A text that contains one of these words is flagged for its category. `Reference/Moderations.md` lists them too.
  static let words: [(word: String, category: String)] = [
    ("kill", "violence"), ("murder", "violence"), ("gore", "violence/graphic"), ("dismembered", "violence/graphic"),
    ("porn", "sexual"), ("nude", "sexual"), ("suicide", "self-harm"), ("selfharm", "self-harm"), ("hate", "hate"),
    ("harass", "harassment"), ("shoplift", "illicit"), ("bomb", "illicit/violent"),
  ]

  /// The categories in which images are judged too.
  private static let ofImages: Set = [
    "self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "violence", "violence/graphic",
  ]

  var json: JSONText {
    let categories = Moderation.allCategories
    let hash = FNV1a.hash(input.text.utf8)
    return .object([
      ("flagged", .boolean(!flagged.isEmpty)), ("categories", .object(categories.map { ($0, .boolean(flagged.contains($0))) })),
      ("category_scores", .object(categories.map { ($0, .decimal(score(of: $0, hash))) })),
      ("category_applied_input_types", .object(categories.map { ($0, .strings(inputTypes(of: $0))) })),
    ])
  }

  /// The same input always has the same scores: from 0.9 if the category is flagged, below 0.01 if not.
  private func score(of category: String, _ hash: UInt64) -> Double {
    let share = Double(FNV1a.hash(category.utf8, seed: hash) % 10_000) / 10_000
    return flagged.contains(category) ? 0.9 + share / 10 : share / 100
  }

  private func inputTypes(of category: String) -> [String] {
    (input.hasText ? ["text"] : []) + (input.hasImage && Self.ofImages.contains(category) ? ["image"] : [])
  }
}
