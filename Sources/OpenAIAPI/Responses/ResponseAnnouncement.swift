import Answers
import ObjectStore

extension APIService {
  /// Tells webhooks of the end of a background response when it is due, unless it has been cancelled or deleted by then.
  func announceEnd(of document: ResponseDocument, at due: ContinuousClock.Instant) {
    let kind: WebhookEvent.Kind =
      switch document.ending {
      case .completed, .empty: .responseCompleted
      case .failed, .flatError, .nestedError: .responseFailed
      case .incomplete: .responseIncomplete
      }
    let event = WebhookEvent(kind, about: document.id, at: document.due / 1000)
    webhooks.send(event, at: due) { [objects] in
      guard let name = ObjectName(.response, document.id), let object = try? objects.object(name).wait() else { return false }
      return ResponseDocument(object.bytes).map { $0.cancelled == nil } ?? false
    }
  }
}
