import Pictures
import Templates

/// Why what a request, a rule or a setting names for its images, such as a picture, cannot be used.
protocol ChoiceError: Error {
  /// What was named, in one word: also the name of the directive.
  static var kind: String { get }
  /// The name that was asked for.
  var name: String { get }
  /// The similar name that was probably meant, ` (did you mean card?)`; empty if there is none.
  var suggestion: String { get }
  /// A clause that says what is wrong.
  var problem: String { get }
  /// The name and what is wrong, without a period.
  var sentence: String { get }
}

extension PictureError: ChoiceError {
  static let kind = "picture"
  var problem: String { "\(reason)" }
  /// `"cat.png" cannot be shown: it is not a regular file`
  var sentence: String { "\(name.debugDescription)\(suggestion) cannot be shown: \(reason)" }
}

extension TemplateError: ChoiceError {
  static let kind = "template"
  var problem: String { "\(reason)" }
  var sentence: String { description }
}

extension APIError {
  /// A client names something that cannot be used.
  ///
  /// - Parameter place: the header, or `prompt`.
  static func badChoice<Choice: ChoiceError>(_ error: Choice, in place: String) -> APIError {
    APIError(
      400, "Invalid value for '\(place)': '\(Choice.kind)=\(error.name)'\(error.suggestion): \(error.problem).", param: place,
      code: "invalid_value")
  }

  /// Something that was there when a rule or a setting named it cannot be used any more.
  static func unusableChoice<Choice: ChoiceError>(_ error: Choice) -> APIError {
    APIError(500, "The \(Choice.kind) \(error.sentence).", type: .server, code: "\(Choice.kind)_unusable")
  }
}
