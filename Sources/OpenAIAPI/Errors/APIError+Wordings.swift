import FastCGI
import JSON
import Spelling

// The API's wordings, which clients may compare. Those marked [U] are not confirmed against the real API.

// MARK: Parameters

extension APIError {
  static func missing(_ name: String) -> APIError {
    APIError(400, "Missing required parameter: '\(name)'.", param: name, code: "missing_required_parameter")
  }

  /// - Parameter expected: with its article: "a string", "one of 'low' or 'high'".
  static func wrongType(_ name: String, expected: String, got kind: String) -> APIError {
    APIError(400, "Invalid type for '\(name)': expected \(expected), but got \(kind) instead.", param: name, code: "invalid_type")
  }

  static func emptyString(_ name: String) -> APIError {
    APIError(
      400, "Invalid '\(name)': empty string. Expected a string with minimum length 1, but got an empty string instead.", param: name,
      code: "empty_string")
  }

  static func tooLong(_ name: String, length: Int, maximum: Int) -> APIError {
    APIError(
      400,
      "Invalid '\(name)': string too long. Expected a string with maximum length \(maximum), but got a string with length \(length) instead.",
      param: name, code: "string_above_max_length")
  }

  static func belowMinimum(_ name: String, _ value: String, minimum: Int) -> APIError {
    APIError(
      400, "Invalid '\(name)': integer below minimum value. Expected a value >= \(minimum), but got \(value) instead.", param: name,
      code: "integer_below_min_value")
  }

  static func aboveMaximum(_ name: String, _ value: String, maximum: Int) -> APIError {
    APIError(
      400, "Invalid '\(name)': integer above maximum value. Expected a value <= \(maximum), but got \(value) instead.", param: name,
      code: "integer_above_max_value")
  }

  static func unsupportedValue(_ name: String, _ value: String, supported: [String]) -> APIError {
    APIError(
      400, "Invalid value: '\(value)'. Supported values are: \(list(supported, conjunction: "and")).", param: name, code: "invalid_value")
  }

  /// `'low', 'high', and 'auto'`, or `'vivid' and 'natural'`.
  static func list(_ values: [String], conjunction: String) -> String {
    let quoted = values.map { "'\($0)'" }
    return quoted.count > 2
      ? quoted.dropLast().joined(separator: ", ") + ", \(conjunction) " + quoted[quoted.count - 1]
      : quoted.joined(separator: " \(conjunction) ")
  }
}

// MARK: Requests

extension APIError {
  static let unreadableJSON = APIError(
    400,
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API "
      + "expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us "
      + "through our help center at help.openai.com.)")

  /// The API does not report the position of the error, so the reason does. [U] for a document with more values than the server reads, which may be valid.
  init(_ error: JSONError) {
    if case .tooManyValues = error.problem {
      self.init(400, "The JSON body of your request is too complex: \(error.problem).")
    } else {
      self = Self.unreadableJSON.explained("\(error)")
    }
  }

  /// [U]
  ///
  /// - Parameter accepted: media types.
  static func unsupportedContentType(_ type: String, accepted: [String] = [ImageOperation.json]) -> APIError {
    APIError(
      400,
      "Unsupported content type: '\(type)'. This API method only accepts \(list(accepted, conjunction: "and")) requests, but you specified "
        + "the header 'Content-Type: \(type)'. Please try again with a supported content type.", code: "unsupported_content_type")
  }

  /// [U]
  ///
  /// - Parameter reason: what is wrong, so that the client can fix it.
  static func unreadableForm(_ reason: String) -> APIError { APIError(400, "Could not parse multipart form: \(reason).") }

  static func incompleteBody(received: Int, announced: Int) -> APIError {
    APIError(400, "The request body ended early: received \(received) of \(announced) bytes.")
  }

  static func bodyTooLarge(announced: Int, limit: Int) -> APIError {
    APIError(413, "The request body is too large: \(announced) bytes. At most \(limit) are accepted.")
  }

  /// [U]
  init(_ error: ContentCodingError) {
    switch error {
    case .unsupported(let name):
      self.init(415, "Unsupported content encoding: '\(name)'. The body of a request may be compressed with gzip or deflate.")
      acceptEncoding = ContentCoding.accepted
    case .corrupt(let coding, let reason):
      self.init(
        400, "Could not decompress the request body: Content-Encoding is \(coding), but the body is not valid \(coding): \(reason).")
    case .tooLarge(let limit):
      self.init(413, "The request body is too large: it decompresses to more than \(limit) bytes, which is the limit.")
    case .tooSlow: self.init(413, "The request body takes too long to decompress.")
    }
  }

  static func lengthUnreadable(_ value: String) -> APIError { APIError(400, "Content-Length is not a number: '\(value)'.") }

  static func wrongMethod(allowed: [String]) -> APIError {
    // GET implies HEAD and OPTIONS; naming them would not help a client.
    let named = allowed.filter { !["HEAD", "OPTIONS"].contains($0) }.joined(separator: " and ")
    return APIError(405, "Only \(named) requests are accepted.", code: "method_not_supported", allow: allowed.joined(separator: ", "))
  }

  /// The most frequent mistake is a base URL with one `/v1` too few or too many.
  static func unknownURL(_ method: String, _ path: String) -> APIError {
    let paths = Route.all.map(\.path).filter { !$0.contains("{") && $0 != path }
    return APIError(404, "Invalid URL (\(method) \(path))").explained(suggestion(for: path, among: paths))
  }

  /// `did you mean …?`, as a ``reason``; nil if no name is similar.
  static func suggestion(for word: String, among names: some Sequence<String>) -> String? {
    names.nearest(to: word).map { "did you mean \($0)?" }
  }
}

// MARK: Images and the server

extension APIError {
  static let imageNotFound = APIError(404, "Image not found or expired")

  static let imagesAreOff = APIError(
    404, "Images are neither drawn nor stored: FAKEAI_GENERATE_ACTUAL_IMAGES is false. Set FAKEAI_GENERATE_ACTUAL_IMAGES=true.")

  static let preconditionFailed = APIError(
    412, "A precondition in the request headers is not met: the image has another ETag or Last-Modified.")

  static func unsatisfiableRange(length: Int) -> APIError {
    APIError(416, "The requested range is outside the image's \(length) bytes.")
  }

  static let serverError = APIError(500, "The server had an error while processing your request. Sorry about that!", type: .server)

  /// The wording of a stream's error event. [U] as a response with a status.
  static let generationFailed = APIError(500, "Image generation failed", type: .imageGenerationServer, code: "image_generation_failed")

  static let stopping = APIError(
    503, "The server is stopping, please try again later.", type: .unavailable, code: "server_is_stopping", retryAfter: .seconds(1))

  package static let overloaded = APIError(
    503, "The engine is currently overloaded, please try again later.", type: .unavailable, code: "server_is_overloaded",
    retryAfter: .seconds(1))

  /// Limits, rules or journal of several hosts cannot be reached.
  ///
  /// - Parameter reason: what is wrong, in one clause.
  static func sharedStateUnavailable(_ reason: String) -> APIError {
    APIError(
      503, "The state that all hosts share is unavailable: \(reason).", type: .unavailable, code: "shared_state_unavailable",
      retryAfter: .seconds(1))
  }
}
