import JSON
import Synchronization

/// The pool's figures as an event, written once a second for all streams of this worker, and only while there are any.
final class FiguresFeed: Sendable {
  private let state = Mutex(State())
  private static let interval = Duration.seconds(1)

  private struct State {
    /// Counts the events, from 1.
    var number = 0
    var text: [UInt8] = []
    var due: ContinuousClock.Instant?
  }

  /// Returns the latest event and its number.
  ///
  /// - Parameter figures: called if a second has passed.
  func latest(_ now: ContinuousClock.Instant, _ figures: () -> JSONText) -> (number: Int, text: [UInt8]) {
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
