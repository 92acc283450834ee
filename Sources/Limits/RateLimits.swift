package import Answers

/// The limits of all keys, enforced exactly by all processes that share them. Those of one machine share memory and answer at once;
/// those of several hosts ask a server.
package protocol RateLimits: Sendable {
  /// Whether they are in this machine's memory. Others may say at once that there is no limit.
  var areLocal: Bool { get }

  /// Takes one request and, if that is admitted, a number of images. What was taken is not returned, whatever happens to the request:
  /// one that is refused for its images has still used up a request.
  func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable>

  /// The limits of an account, without taking anything.
  func report(for account: Account) -> Answer<RateLimitReport, RateLimitsUnavailable>

  /// Makes all units of the accounts' own limits available again.
  /// - Parameter accounts: nil: of all limits, those of other pools that share them too.
  /// - Returns: how many limits had units in use.
  func reset(_ accounts: [Account]?) -> Answer<Int, RateLimitsUnavailable>

  /// Whether the shared memory was removed, so that new workers would use another segment.
  var isRemoved: Bool { get }
}

/// The decision about a request.
package struct Admission: Sendable, Equatable {
  /// The limits afterwards.
  package var report: RateLimitReport
  /// Why the request is refused; nil if it is admitted.
  package var refusal: RateLimitRefusal?

  package init(report: RateLimitReport, refusal: RateLimitRefusal? = nil) {
    self.report = report
    self.refusal = refusal
  }
}

/// The limits of an account at one moment. A limit that is nil does not exist.
package struct RateLimitReport: Sendable, Equatable {
  package var requests: RateLimitStatus?
  package var images: RateLimitStatus?

  package init(requests: RateLimitStatus? = nil, images: RateLimitStatus? = nil) {
    self.requests = requests
    self.images = images
  }

  package subscript(kind: RateLimitKind) -> RateLimitStatus? {
    switch kind {
    case .requests: requests
    case .images: images
    }
  }
}

/// The limits cannot be reached, with the reason. A request that was not answered may have taken its units.
package struct RateLimitsUnavailable: Error, Equatable {
  package var reason: String

  package init(_ reason: String) { self.reason = reason }
}
