/// What can be wrong with an answer on demand. Headers, prompts and rules know them by these names.
package enum Fault: String, Sendable, CaseIterable {
  case missingAPIKey = "missing_api_key"
  case invalidAPIKey = "invalid_api_key"
  case unverified
  case billing
  case quota
  case rateLimit = "rate_limit"
  case moderation
  case serverError = "server_error"
  case overloaded
  case timeout
  case reset
  case truncate
  case slowBody = "slow_body"
  case malformedJSON = "malformed_json"
  case emptyBody = "empty_body"
  case missingImage = "missing_image"
  case corruptImage = "corrupt_image"
  case fewerImages = "fewer_images"
  case generationFailed = "generation_failed"

  /// Where in the making of an answer a fault strikes.
  package enum Kind: String, Sendable {
    /// An error of the API's own is the answer, and nothing is drawn.
    case refusal
    /// No answer comes.
    case connection
    /// The answer is right, and spoiled on its way.
    case body
    /// The images are not what was asked for.
    case images
  }

  package var kind: Kind { description.kind }

  /// What a client meets, in one sentence.
  package var meaning: String { description.meaning }

  private var description: (kind: Kind, meaning: String) {
    switch self {
    case .missingAPIKey: (.refusal, "401, as if no key had been sent.")
    case .invalidAPIKey: (.refusal, "401 invalid_api_key.")
    case .unverified: (.refusal, "403: the organization must be verified to use the model.")
    case .billing: (.refusal, "400 billing_hard_limit_reached.")
    case .quota: (.refusal, "429 insufficient_quota.")
    case .rateLimit: (.refusal, "429 rate_limit_exceeded, with Retry-After and retry-after-ms.")
    case .moderation: (.refusal, "400: the safety system rejects the prompt, in the words that the model has for it.")
    case .serverError: (.refusal, "500.")
    case .overloaded: (.refusal, "503 server_is_overloaded, with Retry-After and retry-after-ms.")
    case .timeout: (.connection, "Nothing comes until the client gives up, or nginx after 620 s, with 504.")
    case .reset: (.connection, "The connection is reset instead of an answer.")
    case .truncate: (.body, "The body ends half-way, short of its length, and the connection is closed. A stream: in its last event.")
    case .slowBody: (.body, "The body comes in twenty pieces over five seconds. A stream: its last event.")
    case .malformedJSON: (.body, "200 with JSON that ends half-way, of the announced length. A stream: in its last event.")
    case .emptyBody: (.body, "200 without a body. A stream: without events.")
    case .missingImage: (.images, "The URL of each image leads to 404; b64_json is null. Where one is fetched: 404.")
    case .corruptImage: (.images, "Each PNG has broken bytes, any other file ends early; where it is fetched and in b64_json alike.")
    case .fewerImages: (.images, "One image less than was asked for. A stream ends without its last event.")
    case .generationFailed: (.images, "500 image_generation_failed, when images would come. A stream ends with that as its error event.")
    }
  }
}
