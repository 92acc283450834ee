import Pictures
package import Simulation

extension PictureLibrary? {
  /// Throws for the first file of some rules that cannot be shown, with its position.
  package func check(_ rules: RuleDocument) throws(RuleDocumentError) {
    var known: Set<String> = []
    for (path, name) in rules.pictures where known.insert(name).inserted {
      do throws(PictureError) { try check(name) } catch { throw RuleDocumentError(path: path, problem: "is \(error)") }
    }
  }
}

extension PictureError {
  /// `"cat.png" cannot be shown: it is not a regular file`
  var sentence: String { "\(name.debugDescription)\(suggestion) cannot be shown: \(reason)" }
}

extension APIError {
  /// A client asks for a file that cannot be shown.
  ///
  /// - Parameter place: the header, or `prompt`.
  static func badPicture(_ error: PictureError, in place: String) -> APIError {
    APIError(
      400, "Invalid value for '\(place)': 'picture=\(error.name)'\(error.suggestion): \(error.reason).", param: place,
      code: "invalid_value")
  }

  /// A file that was there cannot be shown any more.
  static func unusablePicture(_ error: PictureError) -> APIError {
    APIError(500, "The picture \(error.sentence).", type: .server, code: "picture_unusable")
  }
}
