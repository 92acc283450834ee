/// Which word of a row holds what.
///
/// ```
/// words of 8 bytes
///    0  process id · number · started · state · in flight · deferred · stall · pool
///    8  the counters as they stood when the row was taken
///   16  counters, by ``WorkerCounter``
///   32  drawing: sum, buckets
///   64  routes, 64 words each: "other" first, then as they are named
///         0  answers by status, in the order of ``statuses``, the last for all others
///        32  latency: sum, buckets
/// ```
struct ScoreboardLayout {
  /// Index 0 is for whatever has no route.
  let routes: [String]

  static let rowCount = 80
  static let wordsPerRow = 1600
  static let mostRoutes = 24

  static let processID = 0
  static let number = 1
  static let started = 2
  static let state = 3
  static let inFlight = 4
  static let deferred = 5
  static let stall = 6
  static let pool = 7
  static let baselines = 8
  static let counters = 16
  static let drawing = 32

  /// Those that the API and nginx's rules for it know. Where one more is needed, the layout is another and gets a new scoreboard.
  static let statuses = [
    200, 204, 206, 304, 400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 416, 422, 429, 431, 444, 499, 500, 502, 503, 504, 507,
  ]

  /// - Parameter routes: those beyond the 23rd count as "other".
  init(routes: [String]) { self.routes = ["other"] + routes.prefix(Self.mostRoutes - 1) }

  func answers(route: Int, status: Int) -> Int {
    place(of: route) + (Self.statuses.firstIndex(of: status) ?? Self.statuses.count)
  }

  func latency(route: Int) -> Int { place(of: route) + 32 }

  /// Two builds that disagree on anything of it must not share a scoreboard (FNV-1a over what is agreed on).
  var stamp: UInt64 {
    let numbers = [Self.rowCount, Self.wordsPerRow, Self.counters, WorkerCounter.allCases.count] + Self.statuses
    let bounds = (DurationHistogram.latencyBounds + DurationHistogram.drawingBounds).map(\.bitPattern)
    let names = routes.joined(separator: "\n").utf8.map { UInt64($0) }
    return (numbers.map { UInt64($0) } + bounds + names).reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
  }

  private func place(of route: Int) -> Int { 64 + 64 * (routes.indices.contains(route) ? route : 0) }
}
