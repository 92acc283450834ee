import Answers
import FastCGI
import ImageGeneration
import JSON
import Journal
import Limits
import Simulation

/// GET /_fakeai/faults: lists every fault that can be requested.
enum FaultsEndpoint {
  static let list: Route.Serve = { _ throws(APIError) in
    .respond(.json(.object([("object", .string("list")), ("data", .array(Fault.allCases.map(json)))])))
  }

  private static func json(_ fault: Fault) -> JSONText {
    .object([("name", .string(fault.rawValue)), ("kind", .string(fault.kind.rawValue)), ("meaning", .string(fault.meaning))])
  }
}

/// GET and PUT /_fakeai/rules: reads the document in force for a session, or replaces it in every worker at once.
enum RulesEndpoint {
  static let get: Route.Serve = { context throws(APIError) in .respond(response(context.service.rules.document(of: try session(context)))) }

  static let put: Route.Serve = { context throws(APIError) in
    let session = try session(context)
    let text = try context.wholeBody()
    let document: RuleDocument
    do throws(RuleDocumentError) {
      document = try RuleDocument(parsing: text)
      try context.service.configuration.pictures.check(document)
      try context.service.configuration.templates.check(document)
    } catch {
      throw .badRules(error)
    }
    return try context.after(context.service.rules.put(document, of: session)) { _, change throws(APIError) in
      var response = response(document)
      response.addUnconfirmed(change)
      return .respond(response)
    }
  }

  /// Rules belong to one session, or to the requests without one.
  private static func session(_ context: RequestContext) throws(APIError) -> String {
    guard let session = try SessionChoice(only: context, usual: "").session else { throw .badSession(SessionChoice.all, in: "session") }
    return session
  }

  private static func response(_ document: RuleDocument) -> Response {
    Response(headers: [("Content-Type", "application/json")], body: document.text)
  }
}

extension Response {
  static let unconfirmedHeader = "X-FakeAI-Unconfirmed"

  /// Names the hosts on which a change of the rules is not certain to be in force yet.
  fileprivate mutating func addUnconfirmed(_ change: RulesChange) {
    guard !change.unconfirmed.isEmpty else { return }
    add(Self.unconfirmedHeader, change.unconfirmed.joined(separator: ", "))
  }
}

/// POST /_fakeai/reset: what a test has left, of one session or of all.
enum ResetEndpoint {
  static let post: Route.Serve = { context throws(APIError) in
    let session = try SessionChoice(only: context, usual: nil).session
    return try context.after(context.service.rules.restore(session)) { context, change throws(APIError) in
      try context.after(context.service.removeEntries(of: session)) { context, requests throws(APIError) in
        try context.after(context.service.resetLimits(of: session)) { context, limits throws(APIError) in
          let rules = context.service.rules.document(of: session ?? "").rules.count
          var response = Response.json(
            .object([
              ("session", .string(session ?? SessionChoice.all)), ("requests", .integer(requests)), ("rules", .integer(rules)),
              ("sessions", .integer(change.sessions)), ("rate_limits", .integer(limits)),
            ]))
          response.addUnconfirmed(change)
          return .respond(response)
        }
      }
    }
  }
}

extension APIService {
  fileprivate func removeEntries(of session: String?) -> Answer<Int, JournalError> {
    journal?.remove(session.map { [.session: $0] } ?? [:]) ?? .ready(.success(0))
  }

  /// A limit that all keys share belongs to no session.
  fileprivate func resetLimits(of session: String?) -> Answer<Int, RateLimitsUnavailable> {
    limiter.reset(session.map { configuration.keyring.accounts(of: $0) })
  }
}
