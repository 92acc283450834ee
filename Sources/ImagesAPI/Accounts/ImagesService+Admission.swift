import FastCGI
import Limits

extension ImagesService {
  /// Whose request it is.
  func account(for request: Request) throws(APIError) -> Account {
    let key = request.apiKey
    if key == nil, try profile(for: request).rules.needsKey { throw .missingKey }
    do {
      return try configuration.keyring.account(for: key)
    } catch {
      switch error {
      case .missing: throw .missingKey
      case .unknown: throw .wrongKey(Keyring.masked(key ?? ""))
      }
    }
  }

  /// Lets a request for images through, or says why not. What it takes of the limits is taken, whatever becomes of the request, and as with
  /// the real API a request that is refused for its images counts as a request.
  func admit(_ request: Request, model: String, images: Int) throws(APIError) {
    let account = try account(for: request)
    try checkStanding(of: account, model: model)
    do {
      try limiter.take(1, of: .requests, for: account)
      try limiter.take(images, of: .images, for: account)
    } catch {
      throw .rateLimited(error, model: model)
    }
  }

  private func checkStanding(of account: Account, model: String) throws(APIError) {
    switch account.state {
    case .ok, .unknown, .limited: break
    case .quota: throw .quotaExceeded
    case .billing: throw .billingLimit
    case .unverified: throw .unverifiedOrganization(model: model)
    }
  }
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
