/// Which primary of a Cluster serves which slot.
struct SlotMap: Equatable {
  /// The primaries by their number.
  private(set) var primaries: [RedisEndpoint] = []
  private(set) var replicas: [RedisEndpoint] = []
  /// For each slot, the number of its primary; -1: none.
  private var owners = [Int16](repeating: -1, count: RedisSlot.count)

  subscript(slot: UInt16) -> RedisEndpoint? {
    let owner = Int(owners[Int(slot)])
    return owner < 0 ? nil : primaries[owner]
  }

  /// Notes that a server has named another one for a slot.
  mutating func move(_ slot: UInt16, to endpoint: RedisEndpoint) { owners[Int(slot)] = number(of: endpoint) }

  var missingSlots: Int { owners.count { $0 < 0 } }

  private mutating func number(of endpoint: RedisEndpoint) -> Int16 {
    if let known = primaries.firstIndex(of: endpoint) { return Int16(known) }
    primaries.append(endpoint)
    return Int16(primaries.count - 1)
  }

  init() {}

  /// Reads the reply to `CLUSTER SLOTS`: for each range of slots its first and last, its primary, and its replicas; of each server the
  /// host, the port and more.
  ///
  /// - Parameter asked: the server that replied. A server that does not know its own host leaves it out.
  /// - Returns: nil if it is anything else.
  init?(_ reply: RedisReply, from asked: RedisEndpoint) {
    guard let ranges = reply.array else { return nil }
    for range in ranges {
      guard let parts = range.array, parts.count >= 3, let first = parts[0].integer, let last = parts[1].integer,
        0 <= first, first <= last, last < RedisSlot.count, let primary = RedisEndpoint(parts[2], from: asked)
      else { return nil }
      guard primaries.count < 1000 else { return nil }
      let number = number(of: primary)
      for slot in first...last { owners[Int(slot)] = number }
      replicas += parts.dropFirst(3).compactMap { RedisEndpoint($0, from: asked) }.prefix(16)
    }
  }
}

extension RedisEndpoint {
  fileprivate init?(_ server: RedisReply, from asked: RedisEndpoint) {
    guard let parts = server.array, parts.count >= 2, let number = parts[1].integer, let port = UInt16(exactly: number), port > 0 else {
      return nil
    }
    self.init(host: parts[0].string ?? "", port: port, from: asked)
  }

  /// - Parameter host: empty or `?`: the host of the server that said so.
  fileprivate init?(host: String, port: UInt16, from asked: RedisEndpoint) {
    guard host.isEmpty || host == "?" else {
      self = .tcp(host: host, port: port)
      return
    }
    guard case .tcp(let own, _) = asked else { return nil }
    self = .tcp(host: own, port: port)
  }

  /// Parses the server in `MOVED 3999 127.0.0.1:6381`; an IPv6 address there has no brackets.
  init?(redirection text: Substring, from asked: RedisEndpoint) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return nil }
    self.init(host: String(text[..<colon]), port: port, from: asked)
  }
}
