import ImageGeneration
import ImageStore

// Errors in the images of an edit, a variation or an upscale.

extension APIError {
  static let imageInJSON = APIError(
    400, "Unknown parameter: 'image'. For application/json on /v1/images/edits, use 'images' (array).", param: "image",
    code: "unknown_parameter")

  static let imagesInForm = APIError(
    400, "Unknown parameter: 'images'. For multipart/form-data use 'image' or 'image[]'.", param: "images", code: "unknown_parameter")

  static func emptyArray(_ name: String) -> APIError {
    APIError(
      400, "Invalid '\(name)': empty array. Expected an array with minimum length 1, but got an empty array instead.", param: name,
      code: "empty_array")
  }

  static func longArray(_ name: String, count: Int, maximum: Int) -> APIError {
    APIError(
      400,
      "Invalid '\(name)': array too long. Expected an array with maximum length \(maximum), but got an array with length \(count) instead.",
      param: name, code: "array_above_max_length")
  }

  static func duplicate(_ name: String) -> APIError {
    APIError(
      400,
      "Duplicate parameter: '\(name)'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to "
        + "provide a list of values, use the array syntax instead e.g. '\(name)[]=<value>'.", param: name, code: "duplicate_parameter")
  }

  static func unsupportedMediaType(_ name: String, _ type: String, supported: [String]) -> APIError {
    APIError(
      400,
      "Invalid file '\(name)': unsupported mimetype ('\(type)'). Supported file formats are \(list(supported, conjunction: "and")).",
      param: name, code: "unsupported_file_mimetype")
  }

  /// [U]
  static func notOneReference(_ name: String) -> APIError {
    APIError(400, "Invalid '\(name)': expected exactly one of 'image_url' and 'file_id'.", param: name, code: "invalid_value")
  }

  /// [U]
  static func noURL(_ name: String) -> APIError {
    APIError(400, "Invalid '\(name)': expected a URL with the scheme 'data', 'https' or 'http'.", param: name, code: "invalid_value")
  }

  /// - Parameter number: from 1.
  static func unreadableImage(_ number: Int) -> APIError {
    APIError(
      400, "Invalid image file or mode for image \(number), please check your image file.", type: .imageGenerationUser,
      code: "invalid_image_file")
  }

  /// The wording of dall-e-2.
  static let noSmallPNG = APIError(400, "Uploaded image must be a PNG and less than 4 MB.", code: "invalid_image_format")

  /// The API's wording; type and code are [U].
  static let maskWithoutAlpha = mask("mask image missing alpha channel")
  static let maskOfOtherSize = mask("mask size does not match image size")
  /// [U]
  static let unreadableMask = mask("mask image could not be read")

  private static func mask(_ problem: String) -> APIError {
    APIError(400, "Invalid mask image format - \(problem)", type: .imageGenerationUser, param: "mask", code: "invalid_mask_image_format")
  }

  /// [U]
  static let unreadableMarkup = APIError(
    400, "Invalid markup image file, please check your image file.", type: .imageGenerationUser, param: "markup", code: "invalid_image_file"
  )

  /// [U]
  static let maskAndMarkup = APIError(400, "'markup' is not supported together with 'mask'.", param: "markup", code: "invalid_value")

  static func noInputFidelity(_ model: String) -> APIError {
    APIError(
      400, "The model '\(model)' does not support the 'input_fidelity' parameter.", type: .imageGenerationUser, param: "input_fidelity",
      code: "invalid_input_fidelity_model")
  }
}

// MARK: Upscales, which the real API does not have

extension APIError {
  static let scaleAndSize = APIError(400, "'scale' and 'size' exclude each other; send one of them.", param: "size", code: "invalid_value")

  static func noHeldImage(_ name: String) -> APIError {
    APIError(
      400,
      "Invalid '\(name)': expected a file, a data URL, the URL or the ID of an image that this server has stored, or the ID of a file.",
      param: name, code: "invalid_value")
  }

  /// A URL of another server.
  static func notFetched(_ name: String) -> APIError { noHeldImage(name).explained("no URL is fetched") }

  static func noSuchImage(_ id: ImageID) -> APIError {
    APIError(404, "No such image: '\(id)'. It may have expired.", param: "image", code: "image_not_found")
  }

  /// The image cannot be enlarged as requested.
  init(enlarging error: ImageGenerationError) {
    guard case .invalidArgument(let name, let value, let allowed) = error else {
      self = .serverError
      return
    }
    self.init(
      400, "Invalid '\(name)': '\(value)'. Allowed: \(allowed).", type: .imageGenerationUser, param: name, code: "invalid_value")
  }
}
