import Answers
package import FastCGI
import FoundationEssentials
import Limits

extension Request {
  /// The API key of the request: `Authorization: Bearer <key>`, the password of `Authorization: Basic …`, or Azure's `api-key`.
  package var apiKey: String? {
    guard let authorization = header("Authorization") else { return header("api-key").flatMap(Self.nonEmpty) }
    let words = authorization.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    switch words[0].lowercased() {
    case "bearer": return Self.nonEmpty(words[1])
    case "basic": return Data(base64Encoded: String(words[1])).flatMap { Self.password(in: String(decoding: $0, as: UTF8.self)) }
    default: return nil
    }
  }

  private static func password(in credentials: String) -> String? {
    credentials.firstIndex(of: ":").flatMap { nonEmpty(credentials[$0...].dropFirst()) }
  }

  private static func nonEmpty(_ text: some StringProtocol) -> String? {
    let key = text.filter { $0 != " " }
    return key.isEmpty ? nil : String(key)
  }
}

extension Account {
  /// Throws the reason why the account may make no images, whatever its limits are.
  func checkStanding(model: String) throws(APIError) {
    switch state {
    case .ok, .unknown, .limited: break
    case .quota: throw .quotaExceeded
    case .billing: throw .billingLimit
    case .unverified: throw .unverifiedOrganization(model: model)
    }
  }
}

extension RequestContext {
  /// Takes the units of a request for images from the limits of its account. Requests that the server makes by itself take none: production
  /// limits batches by themselves, and their lines do not count as requests per minute.
  func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable> {
    request.isInternal ? .ready(.success(Admission(report: RateLimitReport()))) : service.limiter.admit(images: images, for: account)
  }

  /// Keeps the limits for the response, or throws the reason for a refusal.
  mutating func enter(_ admission: Admission, model: String) throws(APIError) {
    limits = admission.report
    if let refusal = admission.refusal { throw .rateLimited(refusal, model: model) }
  }
}

extension RateLimitsUnavailable: SharedStateError {
  var apiError: APIError { .sharedStateUnavailable(reason) }
}

extension APIError {
  fileprivate static func rateLimited(_ refusal: RateLimitRefusal, model: String) -> APIError {
    let kind: Kind =
      switch refusal.status.kind {
      case .requests: .requests
      case .images: .images
      }
    return .rateLimited(
      kind, model: model, limit: refusal.status.limit, used: refusal.status.used, requested: refusal.requested, wait: refusal.wait)
  }
}
