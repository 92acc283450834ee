import Drawing
import ImageGeneration
import ImageStore
import JSON
import Metrics
import OpenAIAPI
import SharedMemory
import SystemCalls

/// The output of `status`: a snapshot of the store and of the workers that share it.
struct PoolStatus {
  var storeName: String
  /// Where the images are.
  var backend = StorageBackend.memory
  var moment: PoolSnapshot
  /// The hosts that share Redis with this one; nil if there is no Redis.
  var hosts: RedisHosts?
  /// The scripts in which prompts can be written.
  var scripts: [ScriptCoverage]
}

extension PoolStatus {
  /// Reads a store and the scoreboard beside it, and creates neither. The scripts are not the pool's affair but shown beside it.
  ///
  /// - Parameters:
  ///   - storeName: the name of the store.
  ///   - scripts: shown with the pool, although they do not depend on it.
  ///   - clock: what says how long something has lasted.
  /// - Returns: nil if there is no store of that name.
  /// - Throws: if there is such a store but it cannot be read.
  static func read(storeName: String, scripts: [ScriptCoverage] = [], clock: WallClock = .system) throws(SegmentError) -> PoolStatus? {
    guard let (backend, statistics) = try store(storeName, clock) else { return nil }
    var moment = PoolSnapshot(store: statistics, now: clock.now())
    _ = try unlessAbsent { () throws(SegmentError) in
      let scoreboard = try Scoreboard(name: storeName, worker: nil, routes: APIService.routeNames)
      (moment.totals, moment.workers) = (scoreboard.totals(), scoreboard.workers())
    }
    return PoolStatus(storeName: storeName, backend: backend, moment: moment, scripts: scripts)
  }

  /// The statistics of a store: of one on disk only while a pool uses it.
  private static func store(_ storeName: String, _ clock: WallClock) throws(SegmentError) -> (StorageBackend, StoreStatistics)? {
    if let statistics = try DiskStore.statistics(of: storeName, clock: clock) { return (.disk, statistics) }
    guard let size = try unlessAbsent({ () throws(SegmentError) in try Segment.size(of: SharedMemoryStore.segmentName(storeName)) }),
      size > 0
    else { return nil }
    // Each image has its own lifetime; this value only matters to processes that insert images.
    let store = try SharedMemoryStore(name: storeName, size: size, retention: .seconds(3600), create: false, clock: clock)
    return (.memory, store.statistics)
  }

  private static func unlessAbsent<Result>(_ read: () throws(SegmentError) -> Result) throws(SegmentError) -> Result? {
    do {
      return try read()
    } catch .absent {
      return nil
    }
  }
}

extension PoolStatus {
  /// The metrics of /_fakeai/stats and the scripts, for programs.
  var json: JSONText {
    let shared = hosts.map { [("hosts", $0.json)] } ?? []
    return .object(
      [("name", .string(storeName)), ("backend", .string(backend.rawValue))] + shared + moment.json + [("scripts", scriptsJSON)])
  }

  /// Null for a script that no font covers.
  private var scriptsJSON: JSONText {
    .object(scripts.map { ($0.name.lowercased(), $0.font.map { .string($0) } ?? .null) })
  }
}
