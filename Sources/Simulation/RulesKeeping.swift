import Redis
import SystemCalls

/// What the keeper's thread knows, and what it does about it.
struct RulesKeeping {
  private unowned let keeper: RulesKeeper
  /// The living hosts and the versions in force there.
  private(set) var hosts: [String: UInt64] = [:]
  /// The versions that hosts have published while a beat was under way. Its reply may be older: it comes over another connection.
  private var publishedSinceBeat: [String: UInt64] = [:]
  private var changes: [Change] = []
  private var outdated: [@Sendable () -> Void] = []
  private var mustLoad: Bool
  private var mustRead = true
  private var mustBeat = true
  private var isLoading = false
  private var isReading = false
  private var isBeating = false
  /// The version that the last beat told.
  private var told: UInt64?
  private var beats = 0
  private var nextBeat = Instant.now

  /// A change that was made here and waits for the hosts.
  private struct Change {
    let version: UInt64
    /// The first beat that tells of all hosts that the change must wait for.
    let beat: Int
    let deadline: Instant
    let receive: @Sendable ([String]) -> Void
  }

  private static let interval = Duration.seconds(1)

  init(_ keeper: RulesKeeper) {
    self.keeper = keeper
    mustLoad = keeper.file.map { keeper.copy.isNews($0) } ?? false
  }

  mutating func handle(_ event: RulesKeeper.Event) {
    switch event {
    case .message(let payload): take(String(decoding: payload, as: UTF8.self))
    case .subscribed: (mustRead, mustBeat) = (true, true)
    case .loaded(let isLoaded):
      (isLoading, mustLoad) = (false, !isLoaded)
      if isLoaded, let file = keeper.file { keeper.copy.remember(file) }
    case .read(let result): take(read: result)
    case .beaten(let result): take(beat: result)
    case .changed(let version, let receive):
      changes.append(
        Change(version: version, beat: beats + 1, deadline: .now + keeper.longestWait, receive: receive))
      if version > keeper.copy.version { mustRead = true }
      mustBeat = true
    case .outdated(let goOn):
      outdated.append(goOn)
      mustRead = true
    case .stop: break
    }
  }

  /// Does what must be done.
  /// - Returns: when to do so again, if nothing happens before.
  mutating func act(at now: Instant) -> Instant {
    let version = keeper.copy.version
    if nextBeat <= now { (mustBeat, nextBeat) = (true, now + Self.interval) }
    if mustLoad, !isLoading { load(version) }
    // In this order: a change that is missing in what is read comes after the beat, so it waits for this host.
    if mustBeat || version != told, !isBeating { beat(version) }
    if mustRead, !isReading { read(version) }
    finishChanges(at: now)
    return min(changes.map(\.deadline).min() ?? nextBeat, nextBeat)
  }

  /// Answers what still waits.
  mutating func giveUp() {
    for change in changes { change.receive(unconfirmed(change)) }
    for goOn in outdated { goOn() }
    (changes, outdated) = ([], [])
  }

  // MARK: Replies

  /// A message is a version, or a version and the host on which it is in force.
  private mutating func take(_ message: String) {
    let words = message.split(separator: " ", maxSplits: 1)
    guard let version = words.first.flatMap({ UInt64($0) }) else { return }
    if version > keeper.copy.version { mustRead = true }
    guard words.count == 2 else { return }
    hosts[String(words[1])] = version
    if isBeating { publishedSinceBeat[String(words[1])] = version }
  }

  private mutating func take(read result: Result<RedisReply, RedisError>) {
    isReading = false
    if case .success(let reply) = result, let rules = RulesInRedis(reply) {
      // What cannot be put in force is tried again with the next beat.
      try? keeper.copy.adopt(rules)
    }
    let waiting = outdated
    outdated = []
    for goOn in waiting { goOn() }
  }

  private mutating func take(beat result: Result<RedisReply, RedisError>) {
    isBeating = false
    guard case .success(let reply) = result, let parts = reply.array, let version = parts.first?.integer else { return }
    hosts = [:]
    for part in parts.dropFirst() {
      guard let part = part.array, part.count == 2, let name = part[0].string, let version = part[1].integer else { continue }
      hosts[name] = max(UInt64(clamping: version), publishedSinceBeat[name] ?? 0)
    }
    if version > keeper.copy.version { mustRead = true }
    if version < keeper.copy.version { rescue() }
  }

  private mutating func finishChanges(at now: Instant) {
    let open = changes
    changes = []
    for change in open {
      let missing = unconfirmed(change)
      if missing.isEmpty && beats >= change.beat && !isBeating || change.deadline <= now {
        change.receive(missing)
      } else {
        changes.append(change)
      }
    }
  }

  private func unconfirmed(_ change: Change) -> [String] {
    var missing = hosts.filter { $0.value < change.version && $0.key != keeper.host }.map(\.key)
    if keeper.copy.version < change.version { missing.append(keeper.host) }
    return missing.sorted()
  }

  // MARK: Commands

  private mutating func load(_ version: UInt64) {
    guard let file = keeper.file else { return }
    isLoading = true
    run(RulesScripts.load, [RedisArgument(version), RedisArgument(file.text)]) { [keeper] result in
      keeper.post(.loaded((try? result.get()) != nil))
    }
  }

  private mutating func read(_ version: UInt64) {
    (mustRead, isReading) = (false, true)
    run(RulesScripts.read, [RedisArgument(version)], isIdempotent: true) { [keeper] in keeper.post(.read($0)) }
  }

  private mutating func beat(_ version: UInt64) {
    (mustBeat, isBeating, told, publishedSinceBeat) = (false, true, version, [:])
    beats += 1
    run(RulesScripts.beat, [RedisArgument(keeper.host), RedisArgument(version)], isIdempotent: true) { [keeper] result in
      keeper.post(.beaten(result))
    }
  }

  /// Redis has lost what this host still has.
  private func rescue() {
    guard let copy = try? keeper.copy.copy() else { return }
    let documents = copy.documents.flatMap { owner, document in
      [RedisArgument(owner), RedisArgument(document.version), RedisArgument(document.text ?? [])]
    }
    run(RulesScripts.rescue, [RedisArgument(copy.version)] + documents, isIdempotent: true) { _ in }
  }

  private func run(
    _ script: RedisScript, _ terms: [RedisArgument], isIdempotent: Bool = false, receive: @escaping RedisClient.Receiver
  ) {
    let names = [RedisArgument(keeper.keys.counts), RedisArgument(keeper.keys.channel)]
    keeper.client.run(script, keys: keeper.keys.all, names + terms, isIdempotent: isIdempotent, receive: receive)
  }
}
