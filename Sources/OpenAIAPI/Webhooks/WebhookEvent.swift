import JSON
import ObjectStore

/// Something that happened, of which an endpoint of a client is told.
package struct WebhookEvent: Sendable, Equatable {
  /// The events that this server sends.
  package enum Kind: String, Sendable, CaseIterable {
    case responseCompleted = "response.completed"
    case responseFailed = "response.failed"
    case responseCancelled = "response.cancelled"
    case responseIncomplete = "response.incomplete"
    case batchCompleted = "batch.completed"
    case batchFailed = "batch.failed"
    case batchExpired = "batch.expired"
    case batchCancelled = "batch.cancelled"
  }

  let id: String
  let type: String
  /// The ID of the response or batch.
  let subject: String
  /// Seconds since 1970.
  let created: Int

  /// - Parameters:
  ///   - subject: the ID of the response or batch.
  ///   - seconds: since 1970.
  package init(_ kind: Kind, about subject: String, at seconds: Int) { self.init(type: kind.rawValue, about: subject, at: seconds) }

  init(type: String, about subject: String, at seconds: Int) {
    let id = ObjectName.newID("evt_", digits: 32, now: Int64(seconds) * 1_000_000_000)
    self.init(id: id, type: type, about: subject, at: seconds)
  }

  init(id: String, type: String, about subject: String, at seconds: Int) {
    (self.id, self.type, self.subject, created) = (id, type, subject, seconds)
  }

  /// The body of a delivery.
  var body: [UInt8] {
    let json: JSONText = [
      "id": .string(id), "object": "event", "type": .string(type), "created_at": .integer(created), "data": ["id": .string(subject)],
    ]
    return json.compactBytes
  }

  /// All types that production knows: an endpoint can ask for any, but only those of ``Kind`` happen here.
  static let knownTypes =
    Kind.allCases.map(\.rawValue) + [
      "eval.run.succeeded", "eval.run.failed", "eval.run.canceled", "fine_tuning.job.succeeded", "fine_tuning.job.failed",
      "fine_tuning.job.cancelled", "realtime.call.incoming", "video.completed", "video.failed", "agent.environment.ready",
      "agent.environment.failed", "agent.environment.suspended", "agent.environment.expired", "agent.session.created",
      "agent.session.action_required", "agent.session.in_progress", "agent.session.idle", "agent.session.failed", "safety.alert.created",
    ]
}

extension WebhookEvent {
  /// The end of a background response.
  init(endOf document: ResponseDocument) {
    let kind: Kind =
      switch document.ending {
      case .completed, .empty: .responseCompleted
      case .failed, .flatError, .nestedError: .responseFailed
      case .incomplete: .responseIncomplete
      }
    self.init(kind, about: document.id, at: document.due / 1000)
  }
}

extension WebhookEvent.Kind {
  /// - Returns: nil for a status that is not final.
  init?(endOf status: Batch.Status) {
    switch status {
    case .completed: self = .batchCompleted
    case .failed: self = .batchFailed
    case .expired: self = .batchExpired
    case .cancelled: self = .batchCancelled
    case .validating, .inProgress, .finalizing, .cancelling: return nil
    }
  }
}
