import Answers
import Glibc
import Journal
import Limits
import ObjectStore
import Simulation
import SystemCalls

// Limits, rules, a journal and objects that answer later, from another thread, like those of several hosts.

extension Answer {
  /// The same answer from another thread.
  fileprivate var later: Self {
    .pending { receive in
      try! detachThread {
        usleep(100)
        self.then(receive)
      }
    }
  }
}

struct DeferredLimits: RateLimits {
  let base: any RateLimits
  let areLocal = false
  var isRemoved: Bool { base.isRemoved }

  func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable> {
    base.admit(images: images, for: account).later
  }
  func report(for account: Account) -> Answer<RateLimitReport, RateLimitsUnavailable> { base.report(for: account).later }
  func reset(_ accounts: [Account]?) -> Answer<Int, RateLimitsUnavailable> { base.reset(accounts).later }
}

struct DeferredRules: Rules {
  var hosts: [RulesHost] { [] }
  let base: any Rules
  var isRemoved: Bool { base.isRemoved }

  func document(of session: String) -> RuleDocument { base.document(of: session) }
  func strikes(of session: String) -> [RuleStrikes] { base.strikes(of: session) }
  func verdict(on subject: @autoclosure () -> RuleSubject, of session: String) -> Answer<RuleVerdict, RulesError> {
    base.verdict(on: subject(), of: session).later
  }
  func takeTurns(_ count: Int, of turns: PictureTurns, session: String) -> Answer<UInt64, RulesError> {
    base.takeTurns(count, of: turns, session: session).later
  }
  func put(_ document: RuleDocument, of session: String) -> Answer<RulesChange, RulesError> { base.put(document, of: session).later }
  func restore(_ session: String?) -> Answer<RulesChange, RulesError> { base.restore(session).later }
}

struct DeferredLog: RequestLog {
  let base: any RequestLog
  var isRemoved: Bool { base.isRemoved }

  func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError> {
    let answer = base.add(text, facts: facts)
    return answer.later
  }
  func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError> {
    base.entries(wanted, since: since, limit: limit).later
  }
  func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError> {
    base.news(wanted, since: since, limit: limit).later
  }
  func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError> { base.remove(wanted).later }
}

struct DeferredObjects: ObjectStore {
  let base: any ObjectStore
  var kind: String { base.kind }

  func object(_ name: ObjectName) -> ObjectAnswer<StoredObject?> { base.object(name).later }
  func put(_ bytes: [UInt8], as name: ObjectName, expires: Int64, where condition: ObjectCondition) -> ObjectAnswer<ObjectVersion?> {
    base.put(bytes, as: name, expires: expires, where: condition).later
  }
  func remove(_ name: ObjectName) -> ObjectAnswer<Bool> { base.remove(name).later }
  func ids(of kind: ObjectKind, prefix: String) -> ObjectAnswer<[String]> { base.ids(of: kind, prefix: prefix).later }
  func claim(_ name: ObjectName) -> ObjectAnswer<(any ObjectClaim)?> { base.claim(name).later }
  func sweep() { base.sweep() }
}

/// Limits, rules and a journal without the server that has them.
struct UnavailableState: RateLimits, Rules, RequestLog {
  var hosts: [RulesHost] { [] }
  private let reason = "no server"
  let areLocal = false
  let isRemoved = false

  func admit(images: Int, for account: Account) -> Answer<Admission, RateLimitsUnavailable> { .ready(.failure(.init(reason))) }
  func report(for account: Account) -> Answer<RateLimitReport, RateLimitsUnavailable> { .ready(.failure(.init(reason))) }
  func reset(_ accounts: [Account]?) -> Answer<Int, RateLimitsUnavailable> { .ready(.failure(.init(reason))) }

  func strikes(of session: String) -> [RuleStrikes] { [] }
  func document(of session: String) -> RuleDocument { .empty }
  /// No rule matches.
  func verdict(on subject: @autoclosure () -> RuleSubject, of session: String) -> Answer<RuleVerdict, RulesError> {
    .ready(.success(RuleVerdict()))
  }
  func takeTurns(_ count: Int, of turns: PictureTurns, session: String) -> Answer<UInt64, RulesError> {
    .ready(.failure(.unavailable(reason)))
  }
  func put(_ document: RuleDocument, of session: String) -> Answer<RulesChange, RulesError> { .ready(.failure(.unavailable(reason))) }
  func restore(_ session: String?) -> Answer<RulesChange, RulesError> { .ready(.failure(.unavailable(reason))) }

  func add(_ text: String, facts: JournalFacts) -> Answer<Void, JournalError> { .ready(.failure(.unavailable(reason))) }
  func entries(_ wanted: JournalFilter, since: UInt64?, limit: Int) -> Answer<JournalPage, JournalError> {
    .ready(.failure(.unavailable(reason)))
  }
  func news(_ wanted: JournalFilter, since: UInt64, limit: Int) -> Answer<JournalPage, JournalError> {
    .ready(.failure(.unavailable(reason)))
  }
  func remove(_ wanted: [JournalField: String]) -> Answer<Int, JournalError> { .ready(.failure(.unavailable(reason))) }
}
