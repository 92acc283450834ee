import Drawing
import ImageGeneration
import ImageStore
import OpenAIAPI
import JSON
import RingTesting
import SystemCalls
import Testing
@testable import Metrics
@testable import SharedMemory
@testable import fakeai_images

@Suite struct StatusTests {
  static let second = WallClock.nanosecondsPerSecond

  /// A store of an hour, and two of its workers.
  static let status = PoolStatus(
    storeName: "default",
    moment: PoolSnapshot(
      store: StoreStatistics(
        images: 12, bytesUsed: 1_572_864, bytesCapacity: 256 << 20, imageCapacity: 4096, oldest: 400 * second, newest: 3990 * second,
        inserted: 20, evicted: 3, expired: 5, lockOwnersDied: 0, readsOvertaken: 1),
      totals: totals,
      workers: [
        WorkerRecord(
          processID: 4711, number: 1, started: 0, inFlight: 3, deferred: 2,
          counters: [.requests: 1234, .drawn: 7, .served: 1200, .refused: 27]),
        WorkerRecord(processID: 4712, number: 2, started: 3955 * second, state: .draining, counters: [:]),
      ], now: 4000 * second),
    scripts: [
      ScriptCoverage(name: "Latin", font: "OpenSans-Semibold.ttf", package: "fonts-open-sans"),
      ScriptCoverage(name: "Thai", font: nil, package: "fonts-noto-core"),
    ])

  /// 98 images served in half a millisecond, one in 20 s, one in longer than any bucket.
  static let totals: PoolTotals = {
    var totals = PoolTotals.none
    totals.answers = [.init(route: "/images/{file}", status: 200, count: 99), .init(route: "/images/{file}", status: 404, count: 1)]
    var latency = DurationHistogram(bounds: DurationHistogram.latencyBounds)
    latency.counts[0] = 98
    latency.counts[14] = 1
    latency.counts[19] = 1
    totals.latency = [("/images/{file}", latency)]
    return totals
  }()

  @Test func `people see a line for the store, one for each route, worker and script`() {
    #expect(
      Self.status.table == """
        STORE    KIND    IMAGES     USED     FREE     SIZE  OLDEST  NEWEST  INSERTED  EVICTED  EXPIRED  DIED LOCKING  OVERTAKEN
        default  memory      12  1.5 MiB  255 MiB  256 MiB     1 h    10 s        20        3        5             0          1

        ROUTE           REQUESTS  REFUSED    MEDIAN    99 %
        /images/{file}       100        1  ≤ 0.5 ms  ≤ 30 s

        WORKER   PID  STATE        UP  IN FLIGHT  DEFERRED  REQUESTS  DRAWN  SERVED  REFUSED
             1  4711  serving   1.1 h          3         2      1234      7    1200       27
             2  4712  draining   45 s          0         0         0      0       0        0

        SCRIPT     FONT
        Latin   ✓  OpenSans-Semibold.ttf
        Thai    ✗  none: install fonts-noto-core
        """)
  }

  @Test func `an empty store of a pool that has stopped is told as it is`() {
    var status = Self.status
    status.moment.store.oldest = nil
    status.moment.store.newest = nil
    status.moment.totals = .none
    status.moment.workers = []
    status.scripts = []
    #expect(status.table.contains("     -       -  "))
    #expect(status.table.hasSuffix("\n\nNo worker is running."))
    #expect(status.json.compact.contains(#""oldest_age_seconds":null"#))
  }

  @Test func `programs read the same figures`() {
    let json = Self.status.json.compact
    #expect(json.hasPrefix(#"{"name":"default","backend":"memory","store":{"images":12,"used_bytes":1572864,"free_bytes":266862592,"#))
    #expect(json.contains(#""oldest_age_seconds":3600,"newest_age_seconds":10,"inserted":20,"evicted":3,"expired":5,"#))
    #expect(json.contains(#""requests":[{"route":"/images/{file}","status":"200","value":99},"#))
    #expect(json.contains(#"{"number":1,"pid":4711,"state":"serving","uptime_seconds":4000,"in_flight":3,"deferred":2,"#))
    #expect(json.contains(#""deferred":2,"event_streams":0,"requests":1234,"#))
    #expect(json.hasSuffix(#""scripts":{"latin":"OpenSans-Semibold.ttf","thai":null}}"#))
  }

  @Test func `a store that is not there is nothing, and is not made by asking`() throws {
    let name = TemporaryStore.uniqueName()
    #expect(try PoolStatus.read(storeName: name) == nil)
    #expect(throws: SegmentError.absent(name: SharedMemoryStore.segmentName(name))) {
      try Segment.size(of: SharedMemoryStore.segmentName(name))
    }
  }

  @Test func `a store is read whatever its size, with the workers that live`() throws {
    let place = TemporaryStore()
    defer { withExtendedLifetime(place) {} }
    let name = place.name
    let store = try SharedMemoryStore(name: name, size: 3 << 20, retention: .seconds(3600))
    _ = store.insert([1, 2, 3], format: .png)
    let scoreboard = try Scoreboard(name: name, worker: 5, routes: APIService.routeNames)
    scoreboard.count(.requests, 2)
    let status = try #require(try PoolStatus.read(storeName: name))
    #expect(status.moment.store.images == 1)
    #expect(status.moment.workers.map(\.number) == [5])
    #expect(status.moment.workers.first?.counters[.requests] == 2)
  }
}
