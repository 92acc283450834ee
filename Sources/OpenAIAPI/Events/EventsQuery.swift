import FastCGI
import Journal

/// The query of `/_fakeai/events?…`, and the header by which a client goes on after a break.
struct EventsQuery {
  enum Topic: String, CaseIterable {
    case requests, figures
  }

  private(set) var topics = Set(Topic.allCases)
  /// Whether the client asks for requests by name, so that it must get them or an error.
  private(set) var namesRequests = false
  /// The first sequence number to include.
  private var since: UInt64?
  /// The sequence number of the last request that the client knows of; -1: it knows of none.
  private var lastSeen: Int64?

  static let header = "Last-Event-ID"

  init(_ context: RequestContext) throws(APIError) {
    for (name, value) in context.request.queryItems {
      switch name {
      case "topics": topics = try Self.topics(value)
      case "since": since = try JournalQuery.number(name, value, "a whole number") { UInt64($0) }
      default: throw .unknownQuery(name, known: ["topics", "since"])
      }
      if name == "topics" { namesRequests = topics.contains(.requests) }
    }
    // A browser sends what the server gave it; a program may send an empty one.
    guard let header = context.request.header(Self.header), !header.isEmpty else { return }
    guard let number = Int64(header), number >= -1, number < .max else {
      throw .badHeader(Self.header, header, allowed: "the id of an event: a whole number from -1")
    }
    lastSeen = number
  }

  /// The sequence number to begin with.
  ///
  /// - Parameter page: where the journal begins and ends.
  func start(in page: JournalPage) -> UInt64 {
    guard let wanted = lastSeen.map({ UInt64($0 + 1) }) ?? since else { return page.next }
    // The number is from a journal that was removed, or that Redis has lost. Everything in this one is new to the client.
    return wanted > page.next ? page.oldest : wanted
  }

  private static func topics(_ text: String) throws(APIError) -> Set<Topic> {
    var topics: Set<Topic> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let topic = Topic(rawValue: String(name)) else {
        let known = Topic.allCases.map(\.rawValue).joined(separator: ",")
        throw APIError(
          400, "Invalid value: '\(name)'. 'topics' must be one or both of \(known), separated by a comma.", param: "topics",
          code: "invalid_value")
      }
      topics.insert(topic)
    }
    return topics
  }
}
