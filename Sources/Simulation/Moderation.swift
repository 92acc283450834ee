/// How the safety system blocks a request: the parameters of the fault `moderation`.
package struct Moderation: Sendable, Equatable {
  /// The point at which the safety system blocks a request.
  package enum Stage: String, Sendable, CaseIterable {
    /// Before anything is drawn.
    case input
    /// When the images are due.
    case output
    /// At once, and without naming the stage.
    case unknown
  }

  package var stage: Stage
  /// At least one of ``allCategories``, each once.
  package var categories: [String]
  /// The only image that is blocked, from 1; nil: all of them. Only with the stage `output`.
  package var image: Int?

  package init(stage: Stage = .input, categories: [String] = ["sexual"], image: Int? = nil) {
    (self.stage, self.categories, self.image) = (stage, categories, image)
  }

  /// The categories of OpenAI's moderation models.
  package static let allCategories = [
    "sexual", "sexual/minors", "violence", "violence/graphic", "self-harm", "self-harm/intent", "self-harm/instructions", "hate",
    "hate/threatening", "harassment", "harassment/threatening", "illicit", "illicit/violent",
  ]

  /// Most images that a request can ask for.
  package static let images = 1...10
}

/// The parameters of a moderation while they are parsed, in any order.
struct ModerationWords {
  private var stage: Moderation.Stage?
  private var categories: [String]?
  private var image: Int?
  /// The last parameter, for an error that concerns all of them.
  private(set) var last: (name: String, value: String)?

  static let names = ["stage", "categories", "image"]

  mutating func set(_ name: String, _ text: String) throws(FaultSpecError) {
    func error(_ allowed: String) -> FaultSpecError { FaultSpecError(name: name, value: text, allowed: allowed) }
    switch name {
    case "stage":
      guard let value = Moderation.Stage(rawValue: text) else {
        throw FaultSpecError(name: name, value: text, allowed: "input, output or unknown", names: Moderation.Stage.allCases.map(\.rawValue))
      }
      stage = value
    case "categories":
      let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard words.allSatisfy(Moderation.allCategories.contains), Set(words).count == words.count else {
        let unknown = words.first { !Moderation.allCategories.contains($0) }
        let names = Moderation.allCategories
        throw FaultSpecError(
          name: name, value: unknown ?? text, allowed: "\(names.joined(separator: ", ")); several with commas between them, each once",
          names: unknown == nil ? [] : names)
      }
      categories = words
    default:
      guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text), Moderation.images.contains(value) else {
        throw error("the number of an image, from 1 to \(Moderation.images.upperBound)")
      }
      image = value
    }
    last = (name, text)
  }

  /// The moderation, once all parameters are known; nil if there are none.
  func moderation(of fault: FaultSpec.FaultChoice?) throws(FaultSpecError) -> Moderation? {
    guard let last else { return nil }
    guard fault == .present(.moderation) else {
      throw FaultSpecError(name: last.name, value: last.value, allowed: "only together with the fault moderation")
    }
    if let image, let stage, stage != .output {
      throw FaultSpecError(name: "image", value: String(image), allowed: "only with stage=output, because a prompt has no images")
    }
    return Moderation(stage: stage ?? (image == nil ? .input : .output), categories: categories ?? Moderation().categories, image: image)
  }
}
