// The rules in force, in a small segment of their own.
//
//   ┌──────────────┬───────────────┬──────────────┬──────────────┬────────────────────────────────┐
//   │ header 4 KiB │ owners 4 KiB  │ place 0      │ place 1      │ places 2…129                   │
//   │              │ 130 × 8 B     │ no session   │ the file     │ one session each               │
//   └──────────────┴───────────────┴──────────────┴──────────────┴────────────────────────────────┘
//   header: file · version · file in Redis · lock
//   place:  generation · length of A, of B · checksum of A, of B │ 3 × 64 counters A │ 3 × 64 counters B │ text A │ text B
//
// The text of generation g and the counters of its rules are in A if g is even, in B if g is odd. To replace the text of a place, a writer
// takes the lock, writes the other half, its length, its checksum and its counters, and increments the generation last: a writer that dies
// earlier has changed nothing that is in force. Readers take no lock: they load the generation, copy the text, and check the generation
// again.
//
// A text says whose place it is, and has either the owner's rules or a note that those of the file apply. A place without a text is free.
// `owners` has the hash of each owner, so that a place is found without reading all of them; the text decides. A session takes a place when it
// gets rules of its own, or when the first rule of the file counts a request of it. The hash is stored before a place is taken, and removed after
// it was freed, so a writer that dies between the two leaves a place that counts as free.
//
// A counter holds the low bits of its generation above the count, and is incremented by compare-and-exchange. A worker that still uses
// older rules can therefore never count for the new ones. A worker that dies after counting has counted: the count is of requests seen, not
// of responses. Of the three counters of a rule, the first counts the requests that match it, on which its schedule depends, the second those
// to which it applied, which is only shown, and the third the images that have shown one of its pictures, which take turns.
//
// Rules live as long as their pool, see `PoolMemory`. `file` is the hash of the file that was last put in force. A worker that starts with
// the same file keeps the document that has replaced it meanwhile; one that starts with another file puts that in force in all workers at
// once. Sessions with the file's rules give up their places first, so that their counts begin again with the new file.
//
// If there are several hosts, these are their copy of the rules in Redis, see `RedisRules`. `version` is that of Redis's rules, of which each
// text has its own: the version by which it came. Only the second counters are in use then, for the requests of this host. `file in Redis` is the hash of the file that this host has
// put in force in Redis.
//
// Each checksum includes the generation. If a text does not match its checksum, another process has overwritten it. Then the segment is
// abandoned, and new workers create another one.

enum SharedRulesLayout {
  static let file = 72
  static let version = 80
  static let fileInRedis = 88
  static let lock = 128
  static let firstSession = 2
  static let placeCount = firstSession + SharedRules.mostSessions
  static let stamp: UInt64 = 5
  /// Of one generation of a place.
  static let counterCount = 3 * RuleDocument.mostRules

  private static let owners = 4096
  private static let places = owners + 4096
  private static let page = 4096
  private static let sessions = places + firstSession * Place.large.size
  static let size = (sessions + SharedRules.mostSessions * Place.small.size + page - 1) / page * page

  /// The number of the counter of the requests that match a rule.
  static func matches(of rule: Int) -> Int { rule }

  /// The number of the counter of the requests to which a rule applied.
  static func strikes(of rule: Int) -> Int { RuleDocument.mostRules + rule }

  /// The number of the counter of the images that have shown one of a rule's pictures.
  static func turns(of rule: Int) -> Int { 2 * RuleDocument.mostRules + rule }

  static func owner(_ index: Int) -> Int { owners + index * MemoryLayout<UInt64>.stride }

  static func place(_ index: Int) -> Place {
    index < firstSession
      ? Place(start: places + index * Place.large.size, room: Place.large.room, stride: Place.large.stride)
      : Place(start: sessions + (index - firstSession) * Place.small.size, room: Place.small.room, stride: Place.small.stride)
  }

  /// The offsets of one place.
  struct Place {
    let start: Int
    /// Bytes of the longest text.
    let room: Int
    /// Bytes from one counter to the next. Counters that all requests share have a cache line each.
    let stride: Int

    static let large = Place(start: 0, room: roomForOwner + RuleDocument.longest, stride: 64)
    static let small = Place(start: 0, room: roomForOwner + SharedRules.longestOfSession, stride: 8)
    /// The name of the owner and two bytes, rounded up.
    private static let roomForOwner = 128
    private static let headerSize = 64

    var size: Int { Self.headerSize + 2 * counterCount * stride + 2 * room }
    var generation: Int { start }
    func length(_ generation: UInt64) -> Int { start + 8 + half(generation) * 8 }
    func checksum(_ generation: UInt64) -> Int { start + 24 + half(generation) * 8 }
    func text(_ generation: UInt64) -> Int { start + Self.headerSize + 2 * counterCount * stride + half(generation) * room }

    /// - Parameter number: of the counter, see ``SharedRulesLayout/matches(of:)`` and the two functions below it.
    func counter(_ number: Int, _ generation: UInt64) -> Int {
      start + Self.headerSize + (half(generation) * counterCount + number) * stride
    }

    private func half(_ generation: UInt64) -> Int { Int(generation % 2) }
  }
}

/// The text of a place: length of the owner's name, the name, and 0 if the file's rules apply, 1 if rules follow, or 2 if their version in eight
/// bytes (the lowest first) and they follow.
struct RulesRecord: Equatable {
  /// The name of the session; "" for the requests without one, and for the file.
  var session: String
  /// nil: the rules of the file.
  var document: RuleDocument?
  /// The version of Redis's rules by which the document came; 0: it came from elsewhere.
  var version: UInt64 = 0

  static let longestSession = 64

  var bytes: [UInt8] {
    let owner = [UInt8(session.utf8.count)] + session.utf8
    guard let document else { return owner + [0] }
    guard version > 0 else { return owner + [1] + document.text }
    return owner + [2] + (0..<8).map { UInt8(truncatingIfNeeded: version >> (8 * UInt64($0))) } + document.text
  }

  init(session: String, document: RuleDocument?, version: UInt64 = 0) {
    precondition(session.utf8.count <= Self.longestSession)
    self.session = session
    self.document = document
    self.version = version
  }

  /// - Returns: nil if this is not the text of a place.
  init?(parsing bytes: [UInt8]) {
    guard let count = bytes.first.map(Int.init), count <= Self.longestSession, bytes.count > count + 1 else { return nil }
    session = String(decoding: bytes[1..<(count + 1)], as: UTF8.self)
    var text = bytes[(count + 2)...]
    switch bytes[count + 1] {
    case 1: break
    case 2 where text.count >= 8:
      version = text.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
      text = text.dropFirst(8)
    default: return
    }
    guard let document = try? RuleDocument(parsing: Array(text)) else { return nil }
    self.document = document
  }
}
