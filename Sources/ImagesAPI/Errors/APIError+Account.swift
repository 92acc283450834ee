// What the API says of a key, and of whoever it belongs to.

extension APIError {
  static let missingKey = APIError(
    401,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer "
      + "YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a "
      + "username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.")

  /// - Parameter masked: the key as it may be shown.
  static func wrongKey(_ masked: String) -> APIError {
    APIError(
      401,
      "Incorrect API key provided: \(masked). You can find your API key at https://platform.openai.com/account/api-keys.",
      code: "invalid_api_key")
  }

  static func unverifiedOrganization(model: String) -> APIError {
    APIError(
      403,
      "Your organization must be verified to use the model `\(model)`. Please go to: "
        + "https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up to "
        + "15 minutes for access to propagate.")
  }

  static let billingLimit = APIError(400, "Billing hard limit has been reached", code: "billing_hard_limit_reached")

  static let quotaExceeded = APIError(
    429,
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: "
      + "https://platform.openai.com/docs/guides/error-codes/api-errors.", type: .quota, code: "insufficient_quota")

  /// - Parameters:
  ///   - kind: what there was too much of, which is the error's type as well.
  ///   - limit, used, requested: how many of them, the first two a minute.
  ///   - wait: after how long as many as were requested will be there.
  static func rateLimited(_ kind: Kind, model: String, limit: Int, used: Int, requested: Int, wait: Duration) -> APIError {
    // The GPT image models share one limit, which has a name, and count every image as if it had come in.
    let isGPT = Model.isGPT(model)
    let scope = isGPT ? "\(model) (for limit gpt-image)" : model
    let kind = isGPT && kind == .images ? .inputImages : kind
    return APIError(
      429,
      "Rate limit reached for \(scope) in organization \(ImagesService.organization) on \(kind.rawValue) per min: Limit \(limit), "
        + "Used \(used), Requested \(requested). Please try again in \(wait.briefText). Visit "
        + "https://platform.openai.com/account/rate-limits to learn more.",
      type: kind, code: "rate_limit_exceeded", retryAfter: wait)
  }
}
