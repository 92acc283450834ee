import FoundationEssentials
import Limits
import Simulation

extension APIError {
  /// What the API answers where a fault refuses a request.
  ///
  /// - Parameters:
  ///   - model, count: of the images that were asked for.
  ///   - retryAfter: what to say instead of the usual second.
  init(_ fault: Fault, model: String, count: Int, key: String?, retryAfter: Duration?) {
    let limit = RateLimitStatus(reachedFor: retryAfter)
    switch fault {
    case .missingAPIKey: self = .missingKey
    case .invalidAPIKey: self = .wrongKey(Keyring.masked(key ?? ""))
    case .unverified: self = .unverifiedOrganization(model: model)
    case .billing: self = .billingLimit
    case .quota: self = .quotaExceeded
    case .rateLimit: self = .rateLimited(.images, model: model, limit: limit.limit, used: limit.used, requested: count, wait: limit.reset)
    case .moderation: self = .rejected(model: model)
    case .overloaded: self = .overloaded
    default: self = .serverError
    }
    if let retryAfter { self.retryAfter = retryAfter }
  }

  private static func rejected(model: String) -> APIError {
    guard Model.isGPT(model) else {
      return APIError(
        400,
        "Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system.",
        code: "content_policy_violation")
    }
    var error = APIError(
      400,
      "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request "
        + "ID \(UUID().uuidString.lowercased()). safety_violations=[sexual].", type: .imageGenerationUser, code: "moderation_blocked")
    error.violations = ["sexual"]
    return error
  }

  // MARK: What is said to the mock

  static func badBehaviour(_ error: FaultSpecError, in place: String) -> APIError {
    badHeader(place, "\(error.name)=\(error.value)", allowed: "\(error.name): \(error.allowed)")
  }

  static func badHeader(_ name: String, _ value: String, allowed: String) -> APIError {
    APIError(400, "Invalid value for '\(name)': '\(value)'. Allowed: \(allowed).", param: name, code: "invalid_value")
  }

  static func badRules(_ error: RuleDocumentError) -> APIError { APIError(400, "Invalid rules: \(error).", code: "invalid_rules") }

  static let rulesBusy = APIError(
    503, "Another worker is replacing the rules and is not making progress.", type: .unavailable, retryAfter: .seconds(1))
}

extension RateLimitStatus {
  /// The limit that the fault of that name pretends: that of the lowest tier, used up for so long, usually a second.
  init(reachedFor wait: Duration?) { self.init(kind: .images, limit: 5, remaining: 0, reset: wait ?? .seconds(1)) }
}
