import Journal

/// What streams say about one request of the journal, or about requests that can no longer be read.
///
/// The events of a stream cover all sequence numbers from its start, each once, so that a client knows what it has missed.
struct JournalEvent: Sendable {
  let sequences: Range<UInt64>
  /// nil: a gap.
  private let request: [UInt8]?

  init(_ entry: JournalPage.Entry) {
    sequences = entry.sequence..<entry.sequence + 1
    request = EventText.request(entry)
  }

  init(gap sequences: Range<UInt64>) { (self.sequences, request) = (sequences, nil) }

  /// The event as text, for a client that knows of everything before `start`.
  func text(from start: UInt64) -> [UInt8] { request ?? EventText.gap(max(start, sequences.lowerBound)..<sequences.upperBound) }

  var isGap: Bool { request == nil }

  /// Bytes of its text; for a gap, as many as it may have.
  var size: Int { request?.count ?? 120 }

  /// The events of the entries that were read from `start` on. Where one is missing, it was overwritten or removed before it could be read.
  static func events(of page: JournalPage, from start: UInt64) -> [JournalEvent] {
    var events: [JournalEvent] = []
    var next = start
    for entry in page.entries where entry.sequence >= next {
      if entry.sequence > next { events.append(JournalEvent(gap: next..<entry.sequence)) }
      events.append(JournalEvent(entry))
      next = entry.sequence + 1
    }
    if page.next > next { events.append(JournalEvent(gap: next..<page.next)) }
    return events
  }
}

extension [JournalEvent] {
  /// The text of the first events after which a client that knows of everything before `start` knows of everything before `end`.
  ///
  /// - Parameter limit: bytes after which no further event is added.
  func piece(from start: UInt64, limit: Int = .max) -> (bytes: [UInt8], end: UInt64) {
    let first = lastIndex { $0.sequences.upperBound <= start }.map { $0 + 1 } ?? 0
    var (bytes, end) = ([UInt8](), start)
    for event in self[first...] where bytes.count < limit {
      bytes += event.text(from: end)
      end = event.sequences.upperBound
    }
    return (bytes, end)
  }
}
