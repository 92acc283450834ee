import FastCGI
import Journal
import Metrics
import SystemCalls

extension ImagesService {
  /// Keeps a request and its answer in the journal: those of the API and those that nobody knows, which tell of a client with a wrong base
  /// URL. Images and health are fetched far oftener, and would leave nothing else in it.
  func record(_ request: Request, _ body: JournalBody, _ response: Response, since arrival: ContinuousClock.Instant) {
    guard let journal, records(request) else { return }
    let now = ContinuousClock.now
    let latency = max(now, response.due ?? now) - arrival
    let record = JournalRecord(
      request: request, body: body, response: response, arrival: clock.now() - Int64((now - arrival) / .nanoseconds(1)), latency: latency,
      workerName: configuration.workerName)
    let (facts, text) = record.entry
    if !journal.record(text, facts: facts) { scoreboard.count(.unrecorded) }
  }

  func records(_ request: Request) -> Bool {
    journal != nil && !["/images/", "/_fakeai", "/healthz", "/readyz", "/metrics"].contains { request.path.hasPrefix($0) }
  }
}
