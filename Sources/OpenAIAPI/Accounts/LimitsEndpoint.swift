import Answers
import FastCGI
import JSON
import Limits

/// GET /_fakeai/limits: the accepted keys, and what is left of their limits.
enum LimitsEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    let service = context.service
    let holders = service.limitHolders(atMost: mostKeys)
    return try context.after(Answer.all(holders.map { service.limiter.report(for: $0.account) })) { _, reports throws(APIError) in
      let data = zip(holders, reports).map { $0.json($1) }
      return .respond(.json(.object([("object", .string("list")), ("data", .array(data))])))
    }
  }

  private static let mostKeys = 1000
}

/// A key and its account; or what all keys share that have no limit of their own.
struct LimitHolder: Sendable {
  /// 0: all keys; otherwise the position in the order of the keys, from 1.
  var number = 0
  var key: String?
  var account = Account()

  /// Only the part of the key is shown that the journal records.
  func json(_ report: RateLimitReport) -> JSONText {
    .object([
      ("number", .integer(number)), ("key", key.flatMap { Keyring.lastFour(of: $0) }.map { .string($0) } ?? .null),
      ("state", .string(account.state.rawValue)),
      ("session", account.session.isEmpty ? .null : .string(account.session)),
      ("profile", account.profile.map { .string($0) } ?? .null),
      ("requests", limit(.requests, report)), ("images", limit(.images, report)),
    ])
  }

  private func limit(_ kind: RateLimitKind, _ report: RateLimitReport) -> JSONText {
    guard let status = report[kind] else { return .null }
    return .object([
      ("limit", .integer(status.limit)), ("remaining", .integer(status.remaining)),
      ("reset_seconds", .decimal((status.reset / .milliseconds(1)).rounded() / 1000)),
      ("shared", .boolean(account.limits[kind] == nil)),
    ])
  }
}

extension APIService {
  /// All keys together, then each key, in the order of their names.
  func limitHolders(atMost count: Int) -> [LimitHolder] {
    let accounts = (configuration.keyring.accounts ?? [:]).sorted { $0.key < $1.key }.prefix(count)
    let holders = accounts.enumerated().map { LimitHolder(number: $0 + 1, key: $1.key, account: $1.value) }
    return [LimitHolder()] + holders
  }

  /// What figures say of limits: the same as /_fakeai/limits, of fewer keys; nil if they are not in this machine's memory.
  var limitFigures: JSONText? {
    guard limiter.areLocal else { return nil }
    return .array(
      limitHolders(atMost: 100).compactMap { holder in
        guard case .ready(.success(let report)) = limiter.report(for: holder.account) else { return nil }
        return holder.json(report)
      })
  }
}
