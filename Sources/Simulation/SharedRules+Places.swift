import Atomics
import Hashing
import SharedMemory
import Synchronization

/// The places of ``SharedRulesLayout``: reading, finding, taking and freeing them.
extension SharedRules {
  typealias Layout = SharedRulesLayout

  /// The text of a place, as it was read last.
  struct Known {
    var generation: UInt64 = 0
    /// nil: the place is free.
    var record: RulesRecord?
  }

  /// The rules of a session.
  struct Current {
    /// Where its requests are counted; nil if none has been counted yet.
    var place: Int?
    var generation: UInt64
    var document: RuleDocument
    /// See ``RulesRecord/version``.
    var version: UInt64
    /// Whether the session has rules of its own rather than those of the file.
    var isOwn: Bool
  }

  /// The place of the requests without a session.
  static let main = 0
  static let file = 1
  static let sessions = Layout.firstSession..<Layout.placeCount

  // MARK: Reading

  func current(of session: String) -> Current {
    known.withLock { known in
      // In this order: a change of the file frees the places of the sessions that use it first. A place that was found before that no longer
      // counts, whichever file is read afterwards.
      let place = session.isEmpty ? Self.main : find(session, in: &known)
      let own = place.map { refresh($0, in: &known) }
      let isOwn = own?.record?.document != nil
      let record = isOwn ? own?.record : refresh(Self.file, in: &known).record
      return Current(
        place: place, generation: own?.generation ?? 0, document: record?.document ?? .empty, version: record?.version ?? 0, isOwn: isOwn)
    }
  }

  func find(_ session: String, in known: inout [Known]) -> Int? {
    let owner = Self.hash(Array(session.utf8))
    return Self.sessions.first {
      word(Layout.owner($0)).load(ordering: .acquiring) == owner && refresh($0, in: &known).record?.session == session
    }
  }

  /// Reads the text of a place again if it was replaced.
  func refresh(_ index: Int, in known: inout [Known]) -> Known {
    let place = Layout.place(index)
    while true {
      let generation = word(place.generation).load(ordering: .acquiring)
      if generation == known[index].generation { return known[index] }
      let text = text(place, generation)
      let checksum = word(place.checksum(generation)).load(ordering: .relaxed)
      Atomics.atomicMemoryFence(ordering: .acquiring)
      guard word(place.generation).load(ordering: .relaxed) == generation else { continue }
      let isSound = checksum == Self.hash(text, generation)
      let record = isSound ? RulesRecord(parsing: text) : nil
      if record == nil, !isSound || !text.isEmpty { segment.discard() }
      known[index] = Known(generation: generation, record: record)
    }
  }

  private func text(_ place: Layout.Place, _ generation: UInt64) -> [UInt8] {
    let length = min(Int(clamping: word(place.length(generation)).load(ordering: .relaxed)), place.room)
    return unsafe [UInt8](UnsafeRawBufferPointer(start: segment.base + place.text(generation), count: length))
  }

  // MARK: Counting

  /// The count of a rule has 40 bits; the low 24 bits of the generation are above it.
  private static let countBits: UInt64 = 40

  /// Counts a request.
  ///
  /// - Parameters:
  ///   - number: of the counter.
  ///   - units: how much is counted.
  /// - Returns: the number of the request among those counted there, from 1; nil if that generation is no longer in force.
  @discardableResult
  func count(_ number: Int, _ place: Int, generation: UInt64, units: UInt64 = 1) -> UInt64? {
    let counter = word(Layout.place(place).counter(number, generation))
    let owner = generation << Self.countBits
    var old = counter.load(ordering: .relaxed)
    while old >> Self.countBits == owner >> Self.countBits {
      let (exchanged, original) = counter.weakCompareExchange(
        expected: old, desired: owner | (old &+ units) & (1 << Self.countBits - 1), ordering: .relaxed)
      if exchanged { return (old &+ units) & (1 << Self.countBits - 1) }
      old = original
    }
    return nil
  }

  /// Takes the turns of a request's images.
  /// - Returns: the first, from 0; 0 if the rules were replaced.
  func countTurns(_ count: Int, of turns: PictureTurns, session: String) -> UInt64 {
    guard let place = current(of: session).place else { return 0 }
    let counter = Layout.turns(of: turns.rule)
    guard let last = self.count(counter, place, generation: turns.generation, units: UInt64(count)) else { return 0 }
    return (last &- UInt64(count)) & (1 << Self.countBits - 1)
  }

  /// Counts a request for the rules that applied to it.
  ///
  /// - Parameter rules: their positions.
  func countStrikes(_ rules: [Int], in current: Current) {
    guard let place = current.place else { return }
    for rule in rules { count(Layout.strikes(of: rule), place, generation: current.generation) }
  }

  /// How often each of the rules in force for a session applied to a request.
  package func strikes(of session: String) -> [RuleStrikes] {
    let current = current(of: session)
    return current.document.rules.enumerated().map { index, rule in
      RuleStrikes(rule: rule.label(at: index), count: current.place.map { strikes(index, $0, generation: current.generation) } ?? 0)
    }
  }

  private func strikes(_ rule: Int, _ place: Int, generation: UInt64) -> UInt64 {
    let value = word(Layout.place(place).counter(Layout.strikes(of: rule), generation)).load(ordering: .relaxed)
    // It may count for other rules by now.
    guard value >> Self.countBits == (generation << Self.countBits) >> Self.countBits else { return 0 }
    return value & (1 << Self.countBits - 1)
  }

  // MARK: Writing, under the lock

  /// Takes a place in which a session counts for the rules of the file.
  func claim(_ session: String) throws(RulesError) {
    // A request waits for this, so not as long as for a change of the rules.
    try withLock(milliseconds: 50) { () throws(RulesError) in
      guard known.withLock({ find(session, in: &$0) }) == nil else { return }
      try write(RulesRecord(session: session, document: nil), to: takePlace(for: session))
    }
  }

  /// The place of a session, or one that is free.
  func takePlace(for session: String) throws(RulesError) -> Int {
    let place = known.withLock { known in
      find(session, in: &known)
        ?? Self.sessions.first { word(Layout.owner($0)).load(ordering: .relaxed) == 0 || refresh($0, in: &known).record == nil }
    }
    guard let place else { throw .full }
    word(Layout.owner(place)).store(Self.hash(Array(session.utf8)), ordering: .relaxed)
    return place
  }

  var takenPlaces: [Int] { known.withLock { takenPlaces(in: &$0) } }

  func takenPlaces(in known: inout [Known]) -> [Int] {
    Self.sessions.filter { word(Layout.owner($0)).load(ordering: .relaxed) != 0 && refresh($0, in: &known).record != nil }
  }

  func write(_ record: RulesRecord, to place: Int) { publish(record.bytes, in: place) }

  func free(_ place: Int) {
    publish([], in: place)
    word(Layout.owner(place)).store(0, ordering: .relaxed)
  }

  func resetMain() {
    let document = known.withLock { refresh(Self.file, in: &$0).record?.document }
    write(RulesRecord(session: "", document: document ?? .empty), to: Self.main)
  }

  /// Puts the file in force if it is another one than before.
  func load(_ file: RuleDocument) {
    let hash = Self.hash(file.text)
    guard word(Layout.file).load(ordering: .relaxed) != hash else { return }
    let places = takenPlaces
    for place in places where known.withLock({ $0[place].record?.document == nil }) { free(place) }
    write(RulesRecord(session: "", document: file), to: Self.file)
    resetMain()
    word(Layout.file).store(hash, ordering: .releasing)
  }

  /// The fence orders these writes after the previous increment of the generation, by which readers notice them.
  private func publish(_ text: [UInt8], in index: Int) {
    let place = Layout.place(index)
    let generation = word(place.generation).load(ordering: .relaxed) &+ 1
    Atomics.atomicMemoryFence(ordering: .sequentiallyConsistent)
    unsafe text.withUnsafeBytes { source in
      if let start = source.baseAddress {
        unsafe (segment.base + place.text(generation)).copyMemory(from: start, byteCount: source.count)
      }
    }
    word(place.length(generation)).store(UInt64(text.count), ordering: .relaxed)
    word(place.checksum(generation)).store(Self.hash(text, generation), ordering: .relaxed)
    for number in 0..<Layout.counterCount {
      word(place.counter(number, generation)).store(generation << Self.countBits, ordering: .relaxed)
    }
    word(place.generation).store(generation, ordering: .releasing)
  }

  /// A lock whose owner died needs no repair: a text that it left half-written is not in force.
  func withLock<Result>(
    milliseconds: UInt32 = 2000, _ body: () throws(RulesError) -> Result
  ) throws(RulesError) -> Result {
    try unsafe RobustLock(in: segment.base + Layout.lock).withLock(milliseconds: milliseconds, orTimeOut: RulesError.busy) {
      _ throws(RulesError) in try body()
    }
  }

  /// Never 0, which means that there is no text.
  static func hash(_ text: [UInt8], _ generation: UInt64 = 0) -> UInt64 { max(1, FNV1a.hash(text, seed: generation)) }

  func word(_ offset: Int) -> UnsafeAtomic<UInt64> { segment.word(at: offset) }
}
