import JSON
import Journal

/// The lines of server-sent events (HTML Standard, section 9.2).
enum EventText {
  /// A comment. It keeps what is between from closing the connection, and shows a client that the server is there.
  static let heartbeat = Array(":\n\n".utf8)

  /// How long a client waits before it connects again, and the id that it then sends if no event came meanwhile.
  ///
  /// - Parameter start: the sequence number of the next request; nil if the stream has none.
  static func opening(after start: UInt64?) -> [UInt8] {
    let id = start.map { "id: \($0 == 0 ? "-1" : String($0 - 1))\n" } ?? ""
    return Array("retry: 1000\n\(id)\n".utf8)
  }

  static func request(_ entry: JournalPage.Entry) -> [UInt8] {
    Array("event: request\nid: \(entry.sequence)\ndata: \(JournalEndpoint.json(entry).compact)\n\n".utf8)
  }

  /// - Parameter sequences: those that the stream will not show.
  static func gap(_ sequences: Range<UInt64>) -> [UInt8] {
    let last = sequences.upperBound - 1
    return Array("event: gap\nid: \(last)\ndata: {\"from\":\(sequences.lowerBound),\"to\":\(last)}\n\n".utf8)
  }

  static func figures(_ figures: JSONText) -> [UInt8] { Array("event: figures\ndata: \(figures.compact)\n\n".utf8) }
}
