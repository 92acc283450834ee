import Spelling

// Errors in models, sizes and combinations of parameters.

extension APIError {
  /// - Parameter models: those that the profile has.
  static func unknownModel(_ id: String, among models: [Model]) -> APIError {
    let owner = Profile.allCases.first { $0.rules.isStrict && $0.rules.models.contains { $0.id == id } }
    let reason =
      models.contains { $0.id == id }
      ? "this endpoint does not support the model"
      : owner.map { "the profile \($0.rawValue) has this model" } ?? suggestion(for: id, among: models.map(\.id))
    return APIError(400, "The model '\(id)' does not exist.", type: .imageGenerationUser, param: "model", code: "invalid_value")
      .explained(reason)
  }

  static func unknownParameter(_ name: String) -> APIError {
    APIError(400, "Unknown parameter: '\(name)'.", param: name, code: "unknown_parameter")
      .explained(suggestion(for: name, among: KnownParameter.realNames.filter { $0 != name }.sorted()))
  }

  /// A form field whose text cannot be converted to the type of its parameter.
  ///
  /// - Parameter kind: with its article: "an integer".
  static func unconvertible(_ name: String, to kind: String) -> APIError {
    APIError(
      400, "Invalid type for '\(name)': expected \(kind), but got a string value that could not be converted into \(kind).", param: name,
      code: "invalid_type")
  }

  /// The wording of dall-e-2.
  static func promptTooLong(length: Int, maximum: Int) -> APIError {
    APIError(
      400, "Prompt must be length \(maximum) or less. Your prompt length is \(length). Please reduce your prompt length.", param: "prompt")
  }

  /// - Parameter reason: a sentence.
  static func unsupportedSize(_ value: String, why reason: String) -> APIError {
    APIError(400, "Invalid size '\(value)'. \(reason)", type: .imageGenerationUser, param: "size", code: "invalid_value")
  }

  static let unsupportedSizeOfDALLE = APIError(400, "The size is not supported by this model.", code: "invalid_size")

  /// - Parameter place: "the header '…'" or the like.
  static func unknownProfile(_ name: String, in place: String) -> APIError {
    let names = Profile.allCases.map(\.rawValue)
    return APIError(
      400,
      "Invalid value for \(place): '\(name)'\(names.suggestion(for: name)). Supported values are: \(list(names, conjunction: "and")).",
      code: "invalid_value")
  }
}

// MARK: Combinations

extension APIError {
  static let streamOfSeveral = APIError(400, "Streaming is only supported with n=1.", param: "n")

  static func incompressible(_ output: OutputFormat) -> APIError {
    APIError(
      400, "Compression less than 100 is not supported for \(output.name.uppercased()) output format", type: .imageGenerationUser,
      code: "invalid_\(output.name)_output_compression")
  }

  static func opaqueFormat(_ output: OutputFormat) -> APIError {
    APIError(
      400, "Transparent background is not supported for \(output.name.uppercased()) output format", type: .imageGenerationUser,
      param: "background", code: "invalid_value")
  }

  /// [U]
  static func onlyWithFormat(_ name: String, _ format: String) -> APIError {
    APIError(
      400, "'\(name)' is only supported with output_format '\(format)'.", type: .imageGenerationUser, param: name, code: "invalid_value")
  }

  /// [U]
  ///
  /// - Parameter value: the values that are not supported, if others are: " above 1".
  static func notWithFormat(_ name: String, _ value: String, _ output: OutputFormat) -> APIError {
    APIError(
      400, "'\(name)'\(value) is not supported with output_format '\(output.name)'.", type: .imageGenerationUser, param: name,
      code: "invalid_value")
  }
}

// MARK: Models

extension APIError {
  /// For `/v1/models`, whose wording differs from that of the image endpoints.
  static func noSuchModel(_ id: String) -> APIError {
    APIError(404, "The model '\(id)' does not exist", param: "model", code: "model_not_found")
  }
}
