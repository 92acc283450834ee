import DequeModule
import HeapModule
import SystemCalls

/// The deadlines of requests. Most requests have the same timeout, so most deadlines come in order, and need no heap.
struct DeadlineQueue {
  private var inOrder = Deque<Request>()
  private var others = Heap<Entry>()

  private struct Entry: Comparable {
    let request: Request

    static func < (one: Entry, other: Entry) -> Bool { one.request.deadline < other.request.deadline }
    static func == (one: Entry, other: Entry) -> Bool { one.request.deadline == other.request.deadline }
  }

  mutating func insert(_ request: Request) {
    if let last = inOrder.last, last.deadline > request.deadline {
      others.insert(Entry(request: request))
    } else {
      inOrder.append(request)
    }
  }

  /// The next deadline of a request that is not answered.
  mutating func next() -> Instant? {
    while inOrder.first?.isDone == true { inOrder.removeFirst() }
    while others.min?.request.isDone == true { others.removeMin() }
    return [inOrder.first?.deadline, others.min?.request.deadline].compactMap { $0 }.min()
  }

  mutating func popExpired(_ now: Instant) -> Request? {
    guard let next = next(), next <= now else { return nil }
    if inOrder.first?.deadline == next { return inOrder.removeFirst() }
    return others.removeMin().request
  }

  mutating func removeAll() -> [Request] {
    defer { (inOrder, others) = ([], Heap()) }
    return Array(inOrder) + others.unordered.map(\.request)
  }
}
