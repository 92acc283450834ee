import JSON
import Simulation
import Synchronization
import SystemCalls

/// The pool's figures as an event, written once a second for all streams of this worker, and only while there are any.
final class FiguresFeed: Sendable {
  private let state = Mutex(State())
  private static let interval = Duration.seconds(1)

  private struct State {
    /// Counts the events, from 1.
    var number = 0
    var text: [UInt8] = []
    var due: Instant?
  }

  /// Returns the latest event and its number.
  ///
  /// - Parameter figures: called if a second has passed.
  func latest(_ now: Instant, _ figures: () -> JSONText) -> (number: Int, text: [UInt8]) {
    state.withLock { state in
      if let due = state.due, now < due { return (state.number, state.text) }
      // A tick comes somewhat late, which must not add up.
      let next = (state.due ?? now) + Self.interval
      state.due = next > now ? next : now + Self.interval
      state.number += 1
      state.text = EventText.figures(figures())
      return (state.number, state.text)
    }
  }
}

extension APIService {
  /// What streams of events say each second: the time in seconds since 1970, the statistics, how often each rule applied, and the limits.
  var figures: JSONText {
    // The rules of the requests without a session: those of a session belong to one test.
    let strikes = rules.strikes(of: "").map { JSONText.object([("rule", .string($0.rule)), ("struck", .integer(Int($0.count)))]) }
    return .object(
      [("time", .decimal(Double(clock.now() / 1_000_000) / 1000))] + statistics
        + [("rules", .array(strikes)), ("limits", limitFigures ?? .null)])
  }
}
