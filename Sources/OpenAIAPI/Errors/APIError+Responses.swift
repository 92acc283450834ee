// Errors of the Responses API.

// MARK: Responses and items

extension APIError {
  static func noSuchResponse(_ id: String) -> APIError { APIError(404, "Response with id '\(id)' not found.") }

  static func noPreviousResponse(_ id: String) -> APIError {
    APIError(
      400, "Previous response with id '\(id)' not found.", param: "previous_response_id", code: "previous_response_not_found")
  }

  /// The wording that is known of other items. [U] for a picture that has expired or was evicted.
  static func noSuchItem(_ id: String) -> APIError {
    APIError(
      404,
      "Item with id '\(id)' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove "
        + "this item from your input.", param: "input")
  }

  /// [U]
  static let cancelOfSynchronous = APIError(400, "Cannot cancel a synchronous response.")

  /// [U]
  static let backgroundWithoutStore = APIError(
    400, "Background mode requires `store` to be true.", param: "background", code: "invalid_value")

  /// [U]
  static let responseChanges = APIError(409, "The response is being changed by another request.", type: .server, retryAfter: .seconds(1))
}

// MARK: Parameters

extension APIError {
  static let noInput = APIError(
    400, "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.",
    code: "missing_required_parameter")

  /// [U]
  static let previousResponseAndConversation = APIError(
    400, "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Please specify only one of these parameters.",
    param: "previous_response_id", code: "mutually_exclusive_parameters")

  /// [U]
  static func imageModelInResponses(_ model: String) -> APIError {
    APIError(
      400, "The requested model '\(model)' is not supported with the Responses API. Name it in the image_generation tool instead.",
      param: "model", code: "unsupported_model")
  }

  static func unknownToolChoice(_ type: String) -> APIError {
    APIError(400, "Tool choice '\(type)' not found in 'tools' parameter.", param: "tool_choice")
  }

  static func toolChoiceWithoutTools(_ choice: String) -> APIError {
    APIError(400, "Tool choice '\(choice)' must be specified with 'tools' parameter.", param: "tool_choice")
  }

  /// Azure. [U]
  static let noImageDeployment = APIError(
    400,
    "The image generation tool requires the header 'x-ms-oai-image-generation-deployment', which names the deployment of an image model.")

  static func badFileID(_ name: String, _ id: String) -> APIError {
    APIError(
      400,
      "Invalid '\(name)': '\(id)'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained "
        + "additional characters.", param: name, code: "invalid_value")
  }

  /// [U]
  static func maskIsNoDataURL(_ name: String) -> APIError {
    APIError(400, "Invalid '\(name)': expected a data URL.", param: name, code: "invalid_value")
  }

  /// [U]
  static func maskWithoutImage(_ name: String) -> APIError {
    APIError(
      400, "'\(name)' requires an input image.", type: .imageGenerationUser, param: name, code: "invalid_value")
  }

  /// [U]
  static func editWithoutImage(_ name: String) -> APIError {
    APIError(
      400, "The action 'edit' requires an input image.", type: .imageGenerationUser, param: name, code: "invalid_value")
  }

  static func badFormatName(_ name: String) -> APIError {
    APIError(
      400,
      "Invalid 'text.format.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      param: "text.format.name", code: "invalid_value")
  }

  /// [U]
  static func foreignCompaction(_ name: String) -> APIError {
    APIError(
      400, "The encrypted content could not be verified: '\(name)' was not made by this server.", param: name,
      code: "invalid_encrypted_content")
  }

  static func tooManyProperties(_ name: String, count: Int, maximum: Int) -> APIError {
    APIError(
      400,
      "Invalid '\(name)': too many properties. Expected an object with at most \(maximum) properties, but got an object with \(count) "
        + "properties instead.", param: name, code: "object_above_max_properties")
  }

  static func longPropertyName(_ name: String, _ key: String, maximum: Int) -> APIError {
    APIError(
      400,
      "Invalid property name in '\(name)': '\(key.prefix(80))' too long. Expected a string with maximum length \(maximum), but got a string "
        + "with length \(key.unicodeScalars.count) instead.", param: name, code: "property_name_above_max_length")
  }

  static func decimalBelowMinimum(_ name: String, _ value: String, minimum: Double) -> APIError {
    APIError(
      400, "Invalid '\(name)': decimal below minimum value. Expected a value >= \(Int(minimum)), but got \(value) instead.", param: name,
      code: "decimal_below_min_value")
  }

  static func decimalAboveMaximum(_ name: String, _ value: String, maximum: Double) -> APIError {
    APIError(
      400, "Invalid '\(name)': decimal above maximum value. Expected a value <= \(Int(maximum)), but got \(value) instead.", param: name,
      code: "decimal_above_max_value")
  }

  /// The error of a parameter that is a member of something: `size` of `tools[0]`.
  func inside(_ place: String) -> APIError {
    guard let param else { return self }
    var inside = self
    inside.param = "\(place).\(param)"
    inside.message = message.replacing("'\(param)'", with: "'\(place).\(param)'")
    return inside
  }
}
