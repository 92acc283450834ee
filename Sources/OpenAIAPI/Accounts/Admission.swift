import Answers
package import FastCGI
import FoundationEssentials
import Limits

extension Request {
  /// The API key of the request: `Authorization: Bearer <key>`, the password of `Authorization: Basic …`, or Azure's `api-key`.
  package var apiKey: String? {
    guard let authorization = header("Authorization") else { return header("api-key").flatMap { Self.nonEmpty($0.utf8[...]) } }
    // Bytes are compared here and below: finding the letters of a header takes ten times as long.
    let words = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
    guard words.count == 2 else { return nil }
    switch Substring(words[0]).lowercased() {
    case "bearer": return Self.nonEmpty(words[1])
    case "basic":
      let credentials = Data(base64Encoded: String(Substring(words[1]))).map { String(decoding: $0, as: UTF8.self) }
      return credentials.flatMap { Self.nonEmpty($0.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst()) }
    default: return nil
    }
  }

  private static func nonEmpty(_ text: Substring.UTF8View) -> String? {
    guard text.contains(UInt8(ascii: " ")) else { return text.isEmpty ? nil : String(Substring(text)) }
    return nonEmpty(Substring(decoding: text.filter { $0 != UInt8(ascii: " ") }, as: UTF8.self).utf8)
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
