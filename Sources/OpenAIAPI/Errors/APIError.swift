package import FastCGI
import ImageGeneration
import ImageStore
import JSON
import ObjectStore
package import Simulation

/// An error of the API: `{"error":{"message","type","param","code"}}`. It has a status and renders itself.
package struct APIError: Error, Equatable {
  package var status: Int
  package var message: String
  package var type: Kind
  package var param: String?
  package var code: String?
  /// When to try again: sent in `retry-after`, in whole seconds, and in `retry-after-ms`, which OpenAI's clients prefer.
  package var retryAfter: Duration?
  /// The methods of the route, for `Allow`.
  package var allow: String?
  /// What is wrong, in ASCII, if the API's own words in `message` do not say it. Sent in `X-FakeAI-Reason`. Contains nothing that the client
  /// has sent.
  package var reason: String?
  /// The codings that a body may have, for `Accept-Encoding`.
  package var acceptEncoding: String?
  /// What the safety system found, if the API reports it.
  package var moderation: Moderation?

  /// The API's type of an error.
  package enum Kind: String, Sendable {
    case invalidRequest = "invalid_request_error"
    case imageGenerationUser = "image_generation_user_error"
    case server = "server_error"
    case imageGenerationServer = "image_generation_server_error"
    case unavailable = "service_unavailable_error"
    case quota = "insufficient_quota"
    // The type of a rate-limit error is the unit that was limited.
    case requests, images
    case inputImages = "input-images"
  }

  package init(
    _ status: Int, _ message: String, type: Kind = .invalidRequest, param: String? = nil, code: String? = nil, retryAfter: Duration? = nil,
    allow: String? = nil
  ) {
    self.status = status
    self.message = message
    self.type = type
    self.param = param
    self.code = code
    self.retryAfter = retryAfter
    self.allow = allow
  }

  /// This error with a ``reason``.
  func explained(_ reason: String?) -> APIError {
    var explained = self
    explained.reason = reason
    return explained
  }

  package var response: Response {
    var response = Response.json(.object([("error", .object(members))]), status: status)
    if let retryAfter {
      // Rounded up, so that a client that obeys does not return too early.
      response.add("Retry-After", String(Int((retryAfter / .seconds(1)).rounded(.up))))
      response.add("retry-after-ms", String(Int((retryAfter / .milliseconds(1)).rounded(.up))))
    }
    if let allow { response.add("Allow", allow) }
    if let reason { response.add("X-FakeAI-Reason", reason) }
    if let acceptEncoding { response.add("Accept-Encoding", acceptEncoding) }
    return response
  }

  private var members: [JSONMember] {
    [
      ("message", .string(message)), ("type", .string(type.rawValue)), ("param", param.map(JSONText.string) ?? .null),
      ("code", code.map(JSONText.string) ?? .null),
    ] + moderationDetails
  }
}

extension APIError {
  /// The error that a client gets if the store cannot take or return an image.
  init(_ error: StoreError) {
    self =
      switch error {
      case .tooLarge:
        APIError(413, "\(error); increase FAKEAI_IMAGE_STORE_SIZE", type: .server, code: "image_too_large")
      case .full: APIError(507, "\(error) and FAKEAI_IMAGE_STORE_FULL is refuse", type: .server, code: "image_store_full")
      case .noSpace: APIError(507, "\(error); free some space", type: .server, code: "image_store_full")
      case .busy, .removed, .unavailable:
        APIError(503, error.description, type: .unavailable, code: "image_store_unavailable", retryAfter: .seconds(1))
      }
  }
}

extension ObjectStoreError: SharedStateError {
  var apiError: APIError {
    switch self {
    case .tooLarge: APIError(413, "\(self)", type: .server, code: "object_too_large")
    case .full: APIError(507, "\(self); delete some", type: .server, code: "object_store_full")
    case .noSpace: APIError(507, "\(self); free some space", type: .server, code: "object_store_full")
    case .busy, .unavailable: APIError(503, "\(self)", type: .unavailable, code: "object_store_unavailable", retryAfter: .seconds(1))
    }
  }
}
