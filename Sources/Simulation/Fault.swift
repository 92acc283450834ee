/// A fault that a response can have on demand. Headers, prompts and rules use these raw values.
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
  case expiredURL = "expired_url"
  case fewerImages = "fewer_images"
  case wrongSize = "wrong_size"
  case generationFailed = "generation_failed"
  case failedCall = "failed_call"
  case responseFailed = "response_failed"
  case responseIncomplete = "response_incomplete"
  case emptyResponse = "empty_response"
  case errorEvent = "error_event"
  case nestedErrorEvent = "nested_error_event"
  case batchFailed = "batch_failed"
  case batchExpired = "batch_expired"

  /// The stage of a response at which a fault applies.
  package enum Kind: String, Sendable {
    /// The response is one of the API's errors, and nothing is drawn.
    case refusal
    /// There is no response.
    case connection
    /// The response is correct but damaged in transmission.
    case body
    /// The images are not the requested ones.
    case images
    /// The object of the Responses API, or its stream, does not end as it should.
    case response
    /// The batch that the request creates ends in another way.
    case batch
  }

  package var kind: Kind { description.kind }

  /// The effect for a client, in one sentence.
  package var meaning: String { description.meaning }

  private var description: (kind: Kind, meaning: String) {
    switch self {
    case .missingAPIKey: (.refusal, "401, as if no key had been sent.")
    case .invalidAPIKey: (.refusal, "401 invalid_api_key.")
    case .unverified: (.refusal, "403: the organization must be verified to use the model.")
    case .billing: (.refusal, "400 billing_hard_limit_reached.")
    case .quota: (.refusal, "429 insufficient_quota.")
    case .rateLimit: (.refusal, "429 rate_limit_exceeded, with Retry-After and retry-after-ms.")
    case .moderation:
      (
        .refusal,
        "400: the safety system rejects the prompt, in the wording of the requested model. With stage=output it rejects the images when they are due; with image=2 only that one."
      )
    case .serverError: (.refusal, "500.")
    case .overloaded: (.refusal, "503 server_is_overloaded, with Retry-After and retry-after-ms.")
    case .timeout: (.connection, "No response until the client gives up; nginx answers 504 after 620 s.")
    case .reset: (.connection, "The connection is reset and no response is sent.")
    case .truncate: (.body, "Half of the announced body, then the connection closes. A stream ends halfway through its last event.")
    case .slowBody: (.body, "The body arrives in twenty pieces over five seconds. Of a stream, only the last event does.")
    case .malformedJSON: (.body, "200 with half of the JSON, and a Content-Length to match. A stream ends halfway through its last event.")
    case .emptyBody: (.body, "200 with an empty body. A stream has no events.")
    case .missingImage: (.images, "The URL of each image leads to 404; b64_json is null. Fetching an image: 404.")
    case .corruptImage: (.images, "Each PNG has corrupt bytes, any other file ends early; in b64_json and when an image is fetched.")
    case .expiredURL:
      (.images, "The URL of each image has expired, if URLs are signed (azure-blob). Fetching an image: 403 with Azure's XML.")
    case .fewerImages: (.images, "One image fewer than requested. A stream ends without its last event.")
    case .wrongSize: (.images, "The images, and the size in the response, have another size of the model than the requested one.")
    case .batchFailed: (.batch, "The batch that the request creates ends as failed, with an error and without output.")
    case .batchExpired:
      (.batch, "The batch that the request creates ends as expired after half of its lines; the error file has the others.")
    case .generationFailed: (.images, "500 image_generation_failed, when the images are due. A stream ends with it as an error event.")
    case .failedCall:
      (.response, "Responses API: each image call has the status failed, an error and no result; the response is completed.")
    case .responseFailed: (.response, "Responses API: 200 with the status failed and a server_error. A stream ends with response.failed.")
    case .responseIncomplete:
      (.response, "Responses API: 200 with the status incomplete, because of content_filter. A stream ends with response.incomplete.")
    case .emptyResponse:
      (.response, "Responses API: the completed response has no output. In a stream, the images are only in output_item.done.")
    case .errorEvent:
      (.response, "Responses API: a stream ends with an error event whose code and message are its own members; otherwise 500.")
    case .nestedErrorEvent: (.response, "Responses API: a stream ends with an error event that has the error as an object; otherwise 500.")
    }
  }
}
