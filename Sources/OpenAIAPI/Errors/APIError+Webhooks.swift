// Errors of webhook endpoints. All are [U].

extension APIError {
  static func noSuchWebhook(_ id: String) -> APIError {
    APIError(404, "No webhook endpoint found with id '\(id)'.", param: "webhook_endpoint_id")
  }

  static func badWebhookURL(_ url: String) -> APIError {
    APIError(400, "Invalid 'url': '\(url)'. Expected a URL such as 'https://example.com/hooks'.", param: "url", code: "invalid_value")
  }

  static func tooManyWebhooks(maximum: Int) -> APIError {
    APIError(400, "There are already \(maximum) webhook endpoints, which is the maximum. Delete one of them.")
  }

  /// Two requests changed the endpoint at the same time.
  static func webhookChanged(_ id: String) -> APIError {
    APIError(409, "The webhook endpoint '\(id)' was changed by another request. Try again.")
  }

  static func untestedWebhook(_ failure: WebhookFailure) -> APIError {
    APIError(400, "The test event could not be delivered: \(failure).", param: "url")
  }
}
