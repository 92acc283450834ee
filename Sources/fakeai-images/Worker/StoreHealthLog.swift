import ImageStore
import Logging

/// Logs when the store becomes unavailable and when it is back: one line for each change, whatever the reasons in between.
struct StoreHealthLog {
  private let logger: Logger
  private var isAvailable = true

  init(to logger: Logger) { self.logger = logger }

  mutating func note(_ health: StoreHealth) {
    switch health {
    case .ready where !isAvailable:
      isAvailable = true
      logger.notice("the image store is available again")
    case .unavailable(let reason) where isAvailable:
      isAvailable = false
      logger.warning("the image store is unavailable, so requests that need it get 503: \(reason)")
    case .ready, .unavailable, .lost: break
    }
  }
}
