package import Answers
package import Redis
package import SharedMemory
package import SystemPackage

/// The rules of all hosts, in Redis, with a copy in the shared memory of each host: rules are matched without asking anyone, and Redis is
/// asked only to count a request for the rules whose schedule needs a count.
///
/// A change is published, and every host puts it in force in all its workers at once. It is answered when all hosts that show signs of life have
/// confirmed it, so the next request on any of them sees it, or after a second with the names of the hosts that have not. A host that has missed a
/// change follows within a second of reaching Redis again.
///
/// The file of the settings is put in force on all hosts when a host starts with another one than before, so the last one wins. A host without a file
/// takes over the rules of the others. If Redis loses the rules, the hosts put them back; their counts begin again.
package final class RedisRules: Rules {
  private let client: RedisClient
  private let keys: RulesKeys
  private let copy: SharedRules
  private let keeper: RulesKeeper
  private let subscription: RedisSubscription

  /// Opens the rules, and waits for those of Redis, but not longer than a command takes.
  ///
  /// - Parameters:
  ///   - prefix: of the names of all keys.
  ///   - host: the name of this host, different from those of all others.
  ///   - pool: whose shared memory has the copy.
  ///   - file: nil: the settings name none.
  ///   - longestWait: of a change for the confirmation of all hosts.
  package init(
    _ client: RedisClient, prefix: String, host: String, of pool: PoolMemory, file: RuleDocument? = nil,
    longestWait: Duration = .seconds(1)
  ) throws(RulesOpeningError) {
    (self.client, keys) = (client, RulesKeys(prefix: prefix))
    do throws(SegmentError) { copy = try SharedRules(copyOf: pool, file: file) } catch { throw .memory(error) }
    let keeper = RulesKeeper(client, keys, host: host, copy: copy, file: file, longestWait: longestWait)
    self.keeper = keeper
    subscription = client.subscribe(to: keys.channel) {
      keeper.post(.subscribed)
    } onMessage: {
      keeper.post(.message($0))
    }
    do throws(Errno) { try keeper.start() } catch { throw .thread(error) }
    keeper.waitForRules()
  }

  deinit { keeper.post(.stop) }

  package var isRemoved: Bool { copy.isRemoved }

  /// The hosts that have given a sign of life in the last seconds.
  package var hosts: [RulesHost] { keeper.hosts }

  /// Asks Redis for the names of the hosts that have given a sign of life in the last seconds. Must be called on a thread that may block.
  package static func hosts(_ client: RedisClient, prefix: String) throws(RedisError) -> [String] {
    let keys = RulesKeys(prefix: prefix)
    let arguments = [RedisArgument(keys.counts), RedisArgument(keys.channel)]
    let reply = try client.call(RulesScripts.census, keys: keys.all, arguments, isIdempotent: true)
    return (reply.array ?? []).compactMap(\.string).sorted()
  }

  package func document(of session: String) -> RuleDocument { copy.document(of: session) }

  package func strikes(of session: String) -> [RuleStrikes] { copy.strikes(of: session) }

  package func verdict(on subject: @autoclosure () -> RuleSubject, of session: String) -> Answer<RuleVerdict, RulesError> {
    let current = copy.current(of: session)
    guard !current.document.rules.isEmpty else { return .ready(.success(RuleVerdict())) }
    return judge(subject(), session, current, attempts: 3)
  }

  /// - Parameter attempts: how often the rules may turn out to have been replaced.
  private func judge(
    _ subject: RuleSubject, _ session: String, _ current: SharedRules.Current, attempts: Int
  ) -> Answer<RuleVerdict, RulesError> {
    let rules = current.document.rules
    let matching = rules.indices.filter { rules[$0].match.fits(subject) }
    let counted = matching.filter { rules[$0].when.needsCount }
    guard !counted.isEmpty else { return .ready(.success(verdict(current, matching, counts: [:]))) }
    return .pending { [self] receive in
      count(counted, session, current) { result in
        switch result {
        case .success(let counts?): receive(.success(self.verdict(current, matching, counts: counts)))
        case .success(nil) where attempts > 1:
          self.keeper.post(
            .outdated { [self] in judge(subject, session, copy.current(of: session), attempts: attempts - 1).then(receive) })
        // The rules are being replaced all the time; the request came before that.
        case .success(nil): receive(.success(RuleVerdict()))
        case .failure(let error): receive(.failure(error))
        }
      }
    }
  }

  /// - Parameter receive: gets the count of each rule; nil if the rules have been replaced.
  private func count(
    _ rules: [Int], _ session: String, _ current: SharedRules.Current,
    _ receive: @escaping @Sendable (Result<[Int: UInt64]?, RulesError>) -> Void
  ) {
    let owner = current.isOwn ? session : RulesInRedis.file
    let terms: [RedisArgument] = [
      RedisArgument(session), RedisArgument(current.version), RedisArgument(SharedRules.mostSessions), RedisArgument(owner),
    ]
    run(RulesScripts.count, terms + rules.map { RedisArgument($0) }) { result in
      receive(
        result.flatMap { reply in
          guard let counts = reply.array else { return .failure(.full) }
          guard !counts.isEmpty else { return .success(nil) }
          return .success(Dictionary(uniqueKeysWithValues: zip(rules, counts.map { UInt64(clamping: $0.integer ?? 1) })))
        })
    }
  }

  private func verdict(_ current: SharedRules.Current, _ matching: [Int], counts: [Int: UInt64]) -> RuleVerdict {
    var verdict = RuleVerdict()
    for index in matching { verdict.add(current.document.rules[index], at: index, count: counts[index] ?? 1, in: current) }
    copy.countStrikes(verdict.indices, in: current)
    return verdict
  }

  package func takeTurns(_ count: Int, of turns: PictureTurns, session: String) -> Answer<UInt64, RulesError> {
    takeTurns(count, of: turns, session, attempts: 3)
  }

  /// - Parameter attempts: how often the rules may turn out to have been replaced.
  private func takeTurns(
    _ count: Int, of turns: PictureTurns, _ session: String, attempts: Int
  ) -> Answer<UInt64, RulesError> {
    let terms: [RedisArgument] = [
      RedisArgument(session), RedisArgument(turns.version), RedisArgument(SharedRules.mostSessions),
      RedisArgument(turns.isOwn ? session : RulesInRedis.file), RedisArgument(turns.rule), RedisArgument(count),
    ]
    return .pending { [self] receive in
      run(RulesScripts.takeTurns, terms) { result in
        switch result.map(\.integer) {
        // A counter that somebody has changed in Redis may be smaller than what was just counted.
        case .success(let last?): receive(last > 0 ? .success(UInt64(max(last - Int64(count), 0))) : .failure(.full))
        // The rules were replaced, or this host did not know yet by which version they came: at its start, or when Redis was away.
        case .success(nil) where attempts > 1:
          self.keeper.post(
            .outdated { [self] in
              guard let newer = turns.renewed(in: copy.current(of: session)) else { return receive(.success(0)) }
              takeTurns(count, of: newer, session, attempts: attempts - 1).then(receive)
            })
        case .success(nil): receive(.success(0))
        case .failure(let error): receive(.failure(error))
        }
      }
    }
  }

  package func put(_ document: RuleDocument, of session: String) -> Answer<RulesChange, RulesError> {
    let limit = session.isEmpty ? RuleDocument.longest : SharedRules.longestOfSession
    guard document.text.count <= limit else { return .ready(.failure(.tooLong(bytes: document.text.count, limit: limit))) }
    let terms = [RedisArgument(session), RedisArgument(document.text), RedisArgument(SharedRules.mostSessions)]
    return change(RulesScripts.put, terms) { reply in
      reply.integer.flatMap { $0 > 0 ? (UInt64(clamping: $0), 0) : nil }
    }
  }

  package func restore(_ session: String?) -> Answer<RulesChange, RulesError> {
    change(RulesScripts.restore, [RedisArgument(session ?? "/all")]) { reply in
      guard let parts = reply.array, parts.count == 2, let version = parts[0].integer, let sessions = parts[1].integer else { return nil }
      return (UInt64(clamping: version), Int(sessions))
    }
  }

  /// - Parameter outcome: the version and the number of sessions that a script returns; nil: there are too many sessions.
  private func change(
    _ script: RedisScript, _ terms: [RedisArgument], _ outcome: @escaping @Sendable (RedisReply) -> (version: UInt64, sessions: Int)?
  ) -> Answer<RulesChange, RulesError> {
    .pending { [self] receive in
      run(script, [RedisArgument(copy.version)] + terms) { [keeper] result in
        do throws(RulesError) {
          guard let (version, sessions) = outcome(try result.get()) else { throw .full }
          keeper.post(.changed(version) { receive(.success(RulesChange(sessions: sessions, unconfirmed: $0))) })
        } catch {
          receive(.failure(error))
        }
      }
    }
  }

  /// Runs a script once: a second run would count twice, or replace what came between.
  private func run(
    _ script: RedisScript, _ terms: [RedisArgument], _ receive: @escaping @Sendable (Result<RedisReply, RulesError>) -> Void
  ) {
    client.run(script, keys: keys.all, [RedisArgument(keys.counts), RedisArgument(keys.channel)] + terms) { result in
      receive(result.mapError { .unavailable("\($0)") })
    }
  }
}

/// A host and the rules that are in force there.
package struct RulesHost: Sendable, Equatable {
  package var name: String
  /// Of the rules in force.
  package var version: UInt64
}

/// Why the rules of several hosts cannot be used.
package enum RulesOpeningError: Error {
  case memory(SegmentError)
  case thread(Errno)
}
