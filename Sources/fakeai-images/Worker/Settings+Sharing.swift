import Journal
import Limits
import OpenAIAPI
import SharedMemory
import Simulation

extension Keyring {
  /// The keys of the file in the settings.
  init(settings: Settings) throws(CommandFailure) {
    guard let path = settings.keys else {
      self = .open
      return
    }
    do {
      try self.init(file: SettingFile.read(path, limit: Self.largestFile), profiles: Profile.allCases.map(\.rawValue))
    } catch {
      throw .usage("FAKEAI_KEYS: \(path): \(error)")
    }
  }
}

extension RuleDocument {
  /// The rules of the file in the settings.
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
  /// The limits in the settings.
  convenience init(settings: Settings) throws(SegmentError) {
    var shared: [RateLimitKind: Int] = [:]
    shared[.requests] = settings.requestsPerMinute
    shared[.images] = settings.imagesPerMinute
    try self.init(name: settings.imageStoreName, shared: shared, refill: settings.limitRefill)
  }
}

extension URLSigner {
  /// Signs with the key that all workers of the store share; nil if URLs are plain.
  init?(settings: Settings) throws(SegmentError) {
    guard settings.urlStyle == .azureBlob else { return nil }
    let key = try SharedKey(store: settings.imageStoreName)
    self.init(key: key.bytes, isLost: { key.isRemoved })
  }
}

extension Journal {
  /// The journal with the size in the settings; nil if the size is 0.
  static func opened(settings: Settings, pool: PoolMemory) throws(SegmentError) -> Journal? {
    settings.journalSize == 0 ? nil : try Journal(of: pool, size: settings.journalSize)
  }
}
