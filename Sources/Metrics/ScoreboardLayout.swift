import Hashing

/// The layout of a worker's row. Each part has spare words, so that a field, a counter, a route or a status added at the end of its list
/// moves nothing: the counters of a pool survive an upgrade.
///
/// ```
/// row     fields │ counters as they were when the row was taken │ counters │ drawing histogram │ routes
/// route   responses by status, the last word for any other │ latency histogram
/// ```
enum ScoreboardLayout {
  /// One word each. The raw value is the position: add at the end.
  enum Field: Int, CaseIterable {
    case processID, number, started, state, inFlight, deferred, stall, pool, redis, streams
  }

  /// The statuses that the API and its nginx configuration use. Add at the end.
  static let statuses = [
    200, 204, 206, 304, 400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 416, 422, 429, 431, 444, 499, 500, 502, 503, 504, 507,
    202, 412,
  ]

  static let rowCount = 80
  /// Place 0 is for requests without a route.
  static let mostRoutes = 72

  // In words. `check` verifies that each part fits.
  static let fieldRoom = 16
  static let counterRoom = 32
  static let statusRoom = 40
  static let drawingRoom = 32
  static let latencyRoom = 24

  static let baselines = fieldRoom
  static let counters = baselines + counterRoom
  static let drawing = counters + counterRoom
  static let routes = drawing + drawingRoom
  static let wordsPerRoute = statusRoom + latencyRoom
  static let wordsPerRow = routes + mostRoutes * wordsPerRoute

  // In bytes. The header's page contains the names of the routes, as one hash each.
  static let directory = 1024
  static let rows = 4096
  static let size = rows + (rowCount * wordsPerRow * MemoryLayout<UInt64>.stride + 4095) / 4096 * 4096

  static func counter(_ counter: WorkerCounter) -> Int { counters + counter.rawValue }
  static func baseline(_ counter: WorkerCounter) -> Int { baselines + counter.rawValue }

  /// - Parameter route: its place in the directory.
  static func answers(route: Int, status: Int) -> Int {
    routes + wordsPerRoute * route + (statuses.firstIndex(of: status) ?? statusRoom - 1)
  }

  static func latency(route: Int) -> Int { routes + wordsPerRoute * route + statusRoom }

  /// Traps if a list has outgrown its part. Enlarging the part starts a new scoreboard.
  static func check() {
    precondition(Field.allCases.count <= fieldRoom)
    precondition(WorkerCounter.allCases.allSatisfy { (0..<counterRoom).contains($0.rawValue) })
    precondition(statuses.count < statusRoom)
    // A histogram consists of its sum, a bucket per bound, and one for durations above all bounds.
    precondition(DurationHistogram.drawingBounds.count + 2 <= drawingRoom)
    precondition(DurationHistogram.latencyBounds.count + 2 <= latencyRoom)
    precondition(directory + mostRoutes * MemoryLayout<UInt64>.stride <= rows)
  }

  /// Builds that differ in any of these values do not share a scoreboard.
  static let stamp: UInt64 = {
    let rooms = [2, rowCount, mostRoutes, fieldRoom, counterRoom, statusRoom, drawingRoom, latencyRoom].map { UInt64($0) }
    let bounds = (DurationHistogram.latencyBounds + DurationHistogram.drawingBounds).map(\.bitPattern)
    return FNV1a.hash(words: rooms + bounds)
  }()
}
