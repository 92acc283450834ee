package import Answers

extension RateLimiter: RateLimits {
  package var areLocal: Bool { true }

  package func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable> {
    var report = RateLimitReport()
    do throws(RateLimitRefusal) {
      report.requests = try take(1, of: .requests, for: account)
      report.images = try take(images, of: .images, for: account)
      return .ready(.success(Admission(report: report)))
    } catch {
      switch error.status.kind {
      case .requests: report = RateLimitReport(requests: error.status, images: status(of: .images, for: account))
      case .images: report.images = error.status
      }
      return .ready(.success(Admission(report: report, refusal: error)))
    }
  }

  package func report(for account: Account) -> Answer<RateLimitReport, RateLimitsUnavailable> {
    .ready(.success(RateLimitReport(requests: status(of: .requests, for: account), images: status(of: .images, for: account))))
  }

  package func reset(_ accounts: [Account]?) -> Answer<Int, RateLimitsUnavailable> {
    .ready(.success(accounts.map { $0.reduce(0) { $0 + reset($1) } } ?? reset()))
  }
}
