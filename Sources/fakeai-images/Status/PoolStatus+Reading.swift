import Drawing
import ImageStore
import ImagesAPI
import SharedMemory
import Staging
import SystemCalls

extension PoolStatus {
  /// Reads a store and the scoreboard beside it, and creates neither. The scripts are not the pool's affair but shown beside it.
  ///
  /// - Returns: nil where there is no store of that name.
  /// - Throws: where there is one that cannot be read.
  static func read(storeName: String, scripts: [ScriptCoverage] = [], clock: WallClock = .system) throws(SegmentError) -> PoolStatus? {
    guard let size = try unlessAbsent({ () throws(SegmentError) in try Segment.size(of: SharedMemoryStore.segmentName(storeName)) }),
      size > 0
    else { return nil }
    // How long pictures are kept is each one's own affair; the figure is for those who insert.
    let store = try SharedMemoryStore(name: storeName, size: size, retentionHours: 1, create: false, clock: clock)
    var moment = PoolSnapshot(store: store.statistics, now: clock.now())
    _ = try unlessAbsent { () throws(SegmentError) in
      let scoreboard = try Scoreboard(name: storeName, worker: nil, routes: ImagesService.routeNames)
      (moment.totals, moment.workers) = (scoreboard.totals(), scoreboard.workers())
    }
    return PoolStatus(storeName: storeName, moment: moment, scripts: scripts)
  }

  private static func unlessAbsent<Result>(_ read: () throws(SegmentError) -> Result) throws(SegmentError) -> Result? {
    do {
      return try read()
    } catch .absent {
      return nil
    }
  }
}
