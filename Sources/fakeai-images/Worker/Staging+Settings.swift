import Journal
import Limits
import SharedMemory
import Simulation

extension Keyring {
  /// The keys that the settings name.
  init(settings: Settings) throws(CommandFailure) {
    guard let path = settings.keys else {
      self = .open
      return
    }
    do {
      try self.init(file: SettingFile.read(path, limit: Self.largestFile))
    } catch {
      throw .usage("FAKEAI_KEYS: \(path): \(error)")
    }
  }
}

extension RuleDocument {
  /// The rules that the file holds which the settings name.
  init(settings: Settings) throws(CommandFailure) {
    guard let path = settings.rules else {
      self = .empty
      return
    }
    do {
      try self.init(parsing: SettingFile.read(path, limit: Self.longest))
    } catch {
      throw .usage("FAKEAI_RULES: \(path): \(error)")
    }
  }
}

extension RateLimiter {
  /// The limits that the settings ask for.
  init(settings: Settings) throws(SegmentError) {
    var shared: [RateLimitKind: Int] = [:]
    shared[.requests] = settings.requestsPerMinute
    shared[.images] = settings.imagesPerMinute
    try self.init(name: settings.imageStoreName, shared: shared, refill: settings.limitRefill)
  }
}

extension Journal {
  /// The journal that the settings ask for; nil where they ask for none.
  static func opened(settings: Settings, pool: PoolMemory) throws(SegmentError) -> Journal? {
    settings.journalSize == 0 ? nil : try Journal(of: pool, size: settings.journalSize)
  }
}
