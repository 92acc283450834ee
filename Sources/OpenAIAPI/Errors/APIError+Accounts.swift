import Limits
import Simulation

// Errors that concern a key or its account.

extension APIError {
  static let missingKey = APIError(
    401,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer "
      + "YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a "
      + "username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.")

  /// - Parameter masked: the key in the form in which it may be shown.
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
  ///   - kind: the kind of limit, which is also the type of the error.
  ///   - limit, used, requested: units; the first two per minute.
  ///   - wait: time until the requested units are available.
  static func rateLimited(_ kind: Kind, model: String, limit: Int, used: Int, requested: Int, wait: Duration) -> APIError {
    // The GPT image models share one limit, which has a name of its own and counts every image as an input image.
    let isGPT = Model.isGPT(model)
    let scope = isGPT ? "\(model) (for limit gpt-image)" : model
    let kind = isGPT && kind == .images ? .inputImages : kind
    return APIError(
      429,
      "Rate limit reached for \(scope) in organization \(APIService.organization) on \(kind.rawValue) per min: Limit \(limit), "
        + "Used \(used), Requested \(requested). Please try again in \(wait.briefText). Visit "
        + "https://platform.openai.com/account/rate-limits to learn more.",
      type: kind, code: "rate_limit_exceeded", retryAfter: wait)
  }
}

extension APIError {
  /// The API's error for a fault that refuses a request.
  ///
  /// - Parameters:
  ///   - model, count: those of the requested images.
  ///   - retryAfter: replaces the default of one second.
  init(_ fault: Fault, model: String, count: Int, key: String?, retryAfter: Duration?) {
    let limit = RateLimitStatus(reachedFor: retryAfter)
    switch fault {
    case .missingAPIKey: self = .missingKey
    case .invalidAPIKey: self = .wrongKey(Keyring.masked(key ?? ""))
    case .unverified: self = .unverifiedOrganization(model: model)
    case .billing: self = .billingLimit
    case .quota: self = .quotaExceeded
    case .rateLimit: self = .rateLimited(.images, model: model, limit: limit.limit, used: limit.used, requested: count, wait: limit.reset)
    case .overloaded: self = .overloaded
    default: self = .serverError
    }
    if let retryAfter { self.retryAfter = retryAfter }
  }

  // MARK: Errors of the mock's own parameters

  static func badFaultSpec(_ error: FaultSpecError, in place: String) -> APIError {
    badHeader(place, "\(error.name)=\(error.value)", suggestion: error.suggestion, allowed: error.allowed)
  }

  /// - Parameter suggestion: ` (did you mean …?)` or nothing.
  static func badHeader(_ name: String, _ value: String, suggestion: String = "", allowed: String) -> APIError {
    APIError(400, "Invalid value for '\(name)': '\(value)'\(suggestion). Allowed: \(allowed).", param: name, code: "invalid_value")
  }

  /// - Parameters:
  ///   - count: bytes of each image.
  ///   - reason: a clause that says which limit there is.
  static func tooManyBytes(_ count: Int, most: Int, because reason: String) -> APIError {
    badHeader("bytes", String(count), allowed: "at most \(most), because \(reason)")
  }

  static func badRules(_ error: RuleDocumentError) -> APIError { APIError(400, "Invalid rules: \(error).", code: "invalid_rules") }

  static let rulesBusy = APIError(
    503, "Another worker is replacing the rules and is not making progress.", type: .unavailable, retryAfter: .seconds(1))
}

extension RateLimitStatus {
  /// The limit that the fault simulates: that of the lowest tier, used up for `wait`, by default one second.
  init(reachedFor wait: Duration?) { self.init(kind: .images, limit: 5, remaining: 0, reset: wait ?? .seconds(1)) }
}
