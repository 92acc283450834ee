import FastCGI
import ImageGeneration
import ImageStore
package import Metrics
import SystemCalls

extension ImagesService {
  /// What answers are counted by.
  package static var routeNames: [String] { Route.all.map(\.path) }

  /// Counts a finished exchange. An answer that is due later has taken as long when it is sent.
  func countAnswer(_ response: Response, to request: Request, since arrival: ContinuousClock.Instant) {
    let route = Route.all.firstIndex { $0.match(request.path) != nil }
    let sent = max(.now, response.due ?? arrival)
    scoreboard.countAnswer(route: route, status: response.status, latency: sent - arrival, bytes: response.body.count)
  }

  /// A moment of the store and of all workers.
  var snapshot: PoolSnapshot {
    PoolSnapshot(store: generator.store.statistics, totals: scoreboard.totals(), workers: scoreboard.workers(), now: clock.now())
  }

  /// Images that this worker drew, by which one sees that a long job gets on.
  package var imagesDrawn: UInt64 { scoreboard.counted(.drawn) }

  /// Tells the others what this worker is about.
  package func enter(_ state: WorkerState) { scoreboard.enter(state) }

  package func show(pool: UInt64) { scoreboard.show(pool: pool) }

  package func show(stallSince instant: ContinuousClock.Instant?) { scoreboard.show(stallSince: instant) }

  package func show(inFlight: Int, deferred: Int) { scoreboard.show(inFlight: inFlight, deferred: deferred) }
}
