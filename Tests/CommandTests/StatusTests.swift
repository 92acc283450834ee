import Drawing
import ImageGeneration
import ImageStore
import SystemCalls
import Testing

@testable import SharedMemory
@testable import Staging
@testable import fakeai_images

@Suite struct StatusTests {
  static let second = WallClock.nanosecondsPerSecond

  /// A store of an hour, and two of its workers.
  static let status = PoolStatus(
    storeName: "default",
    store: RingStatistics(
      live: 12, bytesUsed: 1_572_864, bytesTotal: 256 << 20, slotsTotal: 4096, inserted: 20, evicted: 3, expired: 5, lockOwnersDied: 0,
      readsOvertaken: 1, oldest: 400 * second, newest: 3990 * second),
    workers: [
      WorkerRecord(processID: 4711, number: 1, started: 0, counters: [.requests: 1234, .drawn: 7, .served: 1200, .refused: 27]),
      WorkerRecord(processID: 4712, number: 2, started: 3955 * second, counters: [:]),
    ],
    scripts: [
      ScriptCoverage(name: "Latin", font: "DejaVuSans.ttf", package: "fonts-dejavu-core"),
      ScriptCoverage(name: "Thai", font: nil, package: "fonts-noto-core"),
    ],
    now: 4000 * second)

  @Test func `people see a line for the store, one for each worker and one for each script`() {
    #expect(
      Self.status.table == """
        STORE    IMAGES     USED     SIZE  OLDEST  NEWEST  INSERTED  EVICTED  EXPIRED
        default      12  1.5 MiB  256 MiB     1 h    10 s        20        3        5

        WORKER   PID     UP  REQUESTS  DRAWN  SERVED  REFUSED
             1  4711  1.1 h      1234      7    1200       27
             2  4712   45 s         0      0       0        0

        SCRIPT     FONT
        Latin   ✓  DejaVuSans.ttf
        Thai    ✗  none: install fonts-noto-core
        """)
  }

  @Test func `an empty store of a pool that has stopped is told as it is`() {
    var status = Self.status
    status.store.oldest = nil
    status.store.newest = nil
    status.workers = []
    status.scripts = []
    #expect(status.table.contains("     -       -  "))
    #expect(status.table.hasSuffix("\n\nNo worker is running."))
    #expect(status.json.compact.contains(#""oldest_age_seconds":null"#))
  }

  @Test func `programs read the same figures`() {
    let json = Self.status.json.compact
    #expect(json.hasPrefix(#"{"store":{"total_images":12,"total_size_bytes":1572864,"total_size_mb":1.5,"name":"default","#))
    #expect(json.contains(#""oldest_age_seconds":3600.0,"newest_age_seconds":10.0,"inserted":20,"evicted":3,"expired":5,"#))
    #expect(json.contains(#"{"number":1,"pid":4711,"uptime_seconds":4000.0,"requests":1234,"drawn":7,"served":1200,"refused":27}"#))
    #expect(json.hasSuffix(#""scripts":{"latin":"DejaVuSans.ttf","thai":null}}"#))
  }

  @Test func `a store that is not there is nothing, and is not made by asking`() throws {
    let name = "absent-\(UInt32.random(in: 0 ... .max))"
    #expect(try PoolStatus.read(storeName: name) == nil)
    #expect(throws: SegmentError.absent(name: SharedMemoryStore.segmentName(name))) {
      try Segment.size(of: SharedMemoryStore.segmentName(name))
    }
  }

  @Test func `a store is read whatever its size, with the workers that live`() throws {
    let name = "status-\(UInt32.random(in: 0 ... .max))"
    defer {
      SharedMemoryStore.remove(name)
      Scoreboard.remove(name)
    }
    let store = try SharedMemoryStore(name: name, size: 3 << 20, retentionHours: 1)
    _ = try store.insert([1, 2, 3])
    let scoreboard = try Scoreboard(name: name, worker: 5)
    scoreboard.count(.requests, 2)
    let status = try #require(try PoolStatus.read(storeName: name))
    #expect(status.store.live == 1)
    #expect(status.workers.map(\.number) == [5])
    #expect(status.workers.first?.counters[.requests] == 2)
  }
}
