import Answers
import JSON
import ObjectStore
import SystemCalls

/// The events of which endpoints have not been told yet, as objects of the store: if a worker ends before it has told of one, another does.
///
/// A worker claims an event for as long as it delivers it, and removes the object then. If it ends in between, its claim ends too, and the
/// event is delivered again by another worker, under the same ID.
struct WebhookOutbox: Sendable {
  let objects: any ObjectStore
  let clock: WallClock

  /// How late an event may be before another worker than the one that has announced it takes it over.
  private static let patience = Int64(2) * WallClock.nanosecondsPerSecond
  /// How long after it was due an event is still of interest.
  private static let life = Int64(600) * WallClock.nanosecondsPerSecond

  /// Keeps an event. For a thread that may block.
  ///
  /// - Parameter delay: until it is due.
  func insert(_ event: WebhookEvent, dueIn delay: Duration) throws(ObjectStoreError) {
    guard let name = ObjectName(.event, event.id) else { return }
    let due = clock.now() + Int64(max(.zero, delay) / .nanoseconds(1))
    _ = try objects.put(event.stored(due: due), as: name, expires: due + Self.life, where: .absent).wait()
  }

  /// The events that should have been delivered by now, of any worker.
  func overdue() throws(ObjectStoreError) -> [WebhookEvent] {
    let now = clock.now()
    var events: [WebhookEvent] = []
    for id in try objects.ids(of: .event, prefix: "").wait() {
      guard let name = ObjectName(.event, id), let object = try objects.object(name).wait(),
        let (event, due) = WebhookEvent.restored(id, object.bytes), due + Self.patience < now
      else { continue }
      events.append(event)
    }
    return events
  }

  /// Takes the sole right to deliver an event.
  /// - Returns: nil if another worker delivers it, or has.
  func take(_ event: WebhookEvent) throws(ObjectStoreError) -> WebhookDelivery? {
    guard let name = ObjectName(.event, event.id), let claim = try objects.claim(name).wait() else { return nil }
    guard try objects.object(name).wait() != nil else { return nil }
    return WebhookDelivery(of: name, in: objects, claim)
  }
}

/// The sole right to deliver an event, which is over when nobody needs it any more: by then, all endpoints have been told, or have failed.
final class WebhookDelivery: Sendable {
  private let name: ObjectName
  private let objects: any ObjectStore
  private let claim: any ObjectClaim

  init(of name: ObjectName, in objects: any ObjectStore, _ claim: any ObjectClaim) {
    (self.name, self.objects, self.claim) = (name, objects, claim)
  }

  // The claim is released after this.
  deinit { _ = try? objects.remove(name).wait() }
}

extension WebhookEvent {
  /// - Parameter due: nanoseconds since 1970.
  fileprivate func stored(due: Int64) -> [UInt8] {
    let json: JSONText = [
      "type": .string(type), "subject": .string(subject), "created": .integer(created), "due": .integer(Int(due)),
    ]
    return json.compactBytes
  }

  fileprivate static func restored(_ id: String, _ stored: [UInt8]) -> (WebhookEvent, due: Int64)? {
    guard let object = (try? JSONValue(parsing: stored))?.object, let type = object["type"]?.text, let subject = object["subject"]?.text,
      let created = object["created"]?.integer, let due = object["due"]?.integer
    else { return nil }
    return (WebhookEvent(id: id, type: type, about: subject, at: created), Int64(due))
  }

  /// Whether the event happens: the end of a response is announced when it begins, and does not if it is cancelled or deleted before that.
  func happens(in objects: any ObjectStore) throws(ObjectStoreError) -> Bool {
    let announced: [Kind] = [.responseCompleted, .responseFailed, .responseIncomplete]
    guard announced.map(\.rawValue).contains(type), let name = ObjectName(.response, subject) else { return true }
    guard let object = try objects.object(name).wait() else { return false }
    return ResponseDocument(object.bytes)?.cancelled == nil
  }
}
