import Atomics
import Redis
import SharedMemory
import Synchronization

/// The rules in Redis: all versions, and the texts that are newer than those of a copy.
struct RulesInRedis: Equatable {
  /// Increases with each change.
  var version: UInt64
  /// By owner: the name of a session, "" or ``file``.
  var documents: [String: Document] = [:]

  struct Document: Equatable {
    /// The version of the rules by which it came.
    var version: UInt64
    /// nil if the copy has it.
    var text: [UInt8]?
  }

  /// The owner of the rules of the settings' file. No session has such a name.
  static let file = "/file"
}

extension RulesInRedis {
  /// - Parameter reply: the version, and the owner, the version and the text of each document.
  init?(_ reply: RedisReply) {
    guard let parts = reply.array, let version = parts.first?.integer else { return nil }
    self.version = UInt64(clamping: version)
    for part in parts.dropFirst() {
      guard let part = part.array, part.count == 3, let owner = part[0].string, let version = part[1].integer else { return nil }
      documents[owner] = Document(version: UInt64(clamping: version), text: part[2].bytes)
    }
  }
}

/// The copy that a host has of the rules in Redis.
extension SharedRules {
  /// Opens the copy of a pool.
  ///
  /// - Parameter file: put in force at once if the copy is new, because Redis may not answer yet.
  convenience init(copyOf pool: PoolMemory, file: RuleDocument?) throws(SegmentError) {
    try self.init(pool) { rules in
      if rules.word(Layout.file).load(ordering: .relaxed) == 0 { rules.load(file ?? .empty) }
    }
  }

  /// The version of the rules in force.
  var version: UInt64 { word(Layout.version).load(ordering: .acquiring) }

  /// Whether this host has put another file in force in Redis than this one, or none.
  func isNews(_ file: RuleDocument) -> Bool { word(Layout.fileInRedis).load(ordering: .relaxed) != Self.hash(file.text) }

  func remember(_ file: RuleDocument) { word(Layout.fileInRedis).store(Self.hash(file.text), ordering: .relaxed) }

  /// Puts the rules of Redis in force in every worker of this host, unless newer ones are.
  func adopt(_ rules: RulesInRedis) throws(RulesError) {
    try withLock { () throws(RulesError) in
      guard rules.version > version else { return }
      for owner in owners where rules.documents[owner.record.session] == nil { free(owner.place) }
      for (owner, document) in rules.documents {
        guard let text = document.text else { continue }
        let session = owner == RulesInRedis.file ? "" : owner
        guard let parsed = try? RuleDocument(parsing: text), session.utf8.count <= RulesRecord.longestSession else {
          throw .unavailable("Redis has rules that this version does not understand")
        }
        let record = RulesRecord(session: session, document: parsed, version: document.version)
        switch owner {
        case RulesInRedis.file: write(record, to: Self.file)
        case "": write(record, to: Self.main)
        default: try write(record, to: takePlace(for: owner))
        }
      }
      word(Layout.version).store(rules.version, ordering: .releasing)
    }
  }

  /// All rules in force that came from Redis, with their texts.
  func copy() throws(RulesError) -> RulesInRedis {
    try withLock { () throws(RulesError) in
      var copy = RulesInRedis(version: version)
      func add(_ record: RulesRecord?, _ owner: String) {
        guard let record, let document = record.document, record.version > 0 else { return }
        copy.documents[owner] = .init(version: record.version, text: document.text)
      }
      let (main, file) = known.withLock { (refresh(Self.main, in: &$0).record, refresh(Self.file, in: &$0).record) }
      add(main, "")
      add(file, RulesInRedis.file)
      for owner in owners { add(owner.record, owner.record.session) }
      return copy
    }
  }

  /// The sessions with places.
  private var owners: [(place: Int, record: RulesRecord)] {
    known.withLock { known in takenPlaces(in: &known).compactMap { place in known[place].record.map { (place, $0) } } }
  }
}
