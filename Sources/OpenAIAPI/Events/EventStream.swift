import FastCGI
import Synchronization
import SystemCalls

/// One client of /_fakeai/events: the requests that it has not seen, the figures of each second, and heartbeats if there is nothing else.
final class EventStream: Sendable {
  private let service: APIService
  /// nil: the client does not want requests.
  private let journal: JournalPlace?
  private let hasFigures: Bool
  private let end: Instant
  private let state = Mutex(State())

  private static let heartbeatInterval = Duration.seconds(15)
  /// How long a stream may last. The client connects again. A process of nginx whose configuration was replaced stays for its open streams,
  /// which must not be for ever.
  static let longest = Duration.seconds(3600)

  private struct State {
    var lastSent = Instant.now
    /// The number of the figures that were sent last.
    var figures = 0
  }

  init(_ service: APIService, journal: JournalPlace? = nil, figures: Bool, longest: Duration = EventStream.longest) {
    (self.service, self.journal, hasFigures) = (service, journal, figures)
    end = .now + longest
  }

  @Sendable func news() -> OpenStream.News {
    let now = Instant.now
    guard now < end else { return .end }
    let news = figuresNews(now) ?? journal?.news() ?? .none
    return state.withLock { state in
      switch news {
      case .none where now - state.lastSent >= Self.heartbeatInterval:
        state.lastSent = now
        return .bytes(EventText.heartbeat)
      case .bytes: state.lastSent = now
      case .none, .end: break
      }
      return news
    }
  }

  /// nil if there are no new ones. A client that is slow skips those in between.
  private func figuresNews(_ now: Instant) -> OpenStream.News? {
    guard hasFigures else { return nil }
    let (number, text) = service.figuresFeed.latest(now) { service.figures }
    return state.withLock { state in
      guard number != state.figures else { return nil }
      state.figures = number
      return .bytes(text, hasMore: journal != nil)
    }
  }
}
