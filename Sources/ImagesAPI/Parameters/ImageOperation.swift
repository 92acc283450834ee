import JSON

/// What is done to make an image: each is an endpoint with parameters of its own.
enum ImageOperation: String, Sendable {
  case generation = "image_generation"
  case edit = "image_edit"
  case variation = "image_variation"

  static let json = "application/json"
  static let form = "multipart/form-data"

  /// What its body may be. A body that does not say is the first of them.
  var mediaTypes: [String] {
    switch self {
    case .generation: [Self.json]
    case .edit: [Self.json, Self.form]
    case .variation: [Self.form]
    }
  }
}
