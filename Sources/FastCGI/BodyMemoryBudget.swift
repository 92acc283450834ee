import DequeModule

/// The room for request bodies: who has how much of it, and who waits for some.
///
/// Whoever waits leaves its body with nginx, which has it on disk. Small bodies need none of the room: they pass the large ones.
struct BodyMemoryBudget {
  /// Bytes of all bodies together. A larger one gets in when it is alone.
  let limit: Int
  /// Bytes of the largest body that needs no room.
  let smallBody: Int
  private var held: [ConnectionID: Int] = [:]
  private var heldBytes = 0
  private var waiting: Deque<(id: ConnectionID, count: Int)> = []

  init(limit: Int, smallBody: Int) { (self.limit, self.smallBody) = (limit, smallBody) }

  /// Whether somebody waits.
  var isFull: Bool { !waiting.isEmpty }

  /// Whose bodies take up the room.
  var holders: some Collection<ConnectionID> { held.keys }

  /// Gives room to a body of so many bytes, or lets it wait behind those that came before.
  /// - Returns: whether there is room.
  mutating func enter(_ id: ConnectionID, _ count: Int) -> Bool {
    guard count > smallBody else { return true }
    guard waiting.isEmpty, fits(count) else {
      waiting.append((id, count))
      return false
    }
    hold(id, count)
    return true
  }

  /// Gives back a connection's room, or its place in the queue; most have neither.
  mutating func leave(_ id: ConnectionID) {
    if let count = held.removeValue(forKey: id) { heldBytes -= count }
    if let place = waiting.firstIndex(where: { $0.id == id }) { waiting.remove(at: place) }
  }

  /// Gives room to the one that has waited longest; nil where there is nobody, or no room yet.
  mutating func next() -> ConnectionID? {
    guard let first = waiting.first, fits(first.count) else { return nil }
    waiting.removeFirst()
    hold(first.id, first.count)
    return first.id
  }

  private func fits(_ count: Int) -> Bool { heldBytes == 0 || heldBytes + count <= limit }

  private mutating func hold(_ id: ConnectionID, _ count: Int) {
    held[id] = count
    heldBytes += count
  }
}
