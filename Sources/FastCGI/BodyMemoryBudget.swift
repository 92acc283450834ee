import DequeModule

/// The memory for request bodies: which connection holds how much, and which ones wait for some.
///
/// While a request waits, its body stays with nginx, on disk. Small bodies do not count, so they overtake the large ones.
struct BodyMemoryBudget {
  /// Bytes of all bodies together. A larger body is admitted if it is the only one.
  let limit: Int
  /// Bytes of the largest body that does not count towards the limit.
  let smallBody: Int
  private var held: [ConnectionID: Int] = [:]
  private var heldBytes = 0
  private var waiting: Deque<(id: ConnectionID, count: Int)> = []

  init(limit: Int, smallBody: Int) { (self.limit, self.smallBody) = (limit, smallBody) }

  /// Whether a request is waiting for memory.
  var isFull: Bool { !waiting.isEmpty }

  /// The connections whose bodies count towards the limit.
  var holders: some Collection<ConnectionID> { held.keys }

  /// Reserves memory for a body of `count` bytes, or queues the connection behind those that came before.
  /// - Returns: whether the memory is reserved.
  mutating func enter(_ id: ConnectionID, _ count: Int) -> Bool {
    guard count > smallBody else { return true }
    guard waiting.isEmpty, fits(count) else {
      waiting.append((id, count))
      return false
    }
    hold(id, count)
    return true
  }

  /// Releases a connection's memory, or its place in the queue; most connections have neither.
  mutating func leave(_ id: ConnectionID) {
    if let count = held.removeValue(forKey: id) { heldBytes -= count }
    if let place = waiting.firstIndex(where: { $0.id == id }) { waiting.remove(at: place) }
  }

  /// Reserves memory for the connection that has waited longest; nil if none waits, or if there is not enough memory yet.
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
