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
    do throws(RuleDocumentError) { document = try RuleDocument(parsing: text) } catch { throw .badRules(error) }
    do throws(SharedRulesError) { try context.service.rules.replace(with: document, of: session) } catch { throw APIError(error) }
    return .respond(response(document))
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

/// POST /_fakeai/reset: what a test has left, of one session or of all.
enum ResetEndpoint {
  static let post: Route.Serve = { context throws(APIError) in
    let service = context.service
    let session = try SessionChoice(only: context, usual: nil).session
    let sessions: Int
    do throws(SharedRulesError) {
      if let session { sessions = try service.rules.reset(session) ? 1 : 0 } else { sessions = try service.rules.resetAll() }
    } catch {
      throw APIError(error)
    }
    guard let requests = service.journal.map({ $0.clear(session.map { [.session: $0] } ?? [:]) }) ?? 0 else { throw .overloaded }
    return .respond(
      .json(
        .object([
          ("session", .string(session ?? SessionChoice.all)), ("requests", .integer(requests)),
          ("rules", .integer(service.rules.document(of: session ?? "").rules.count)), ("sessions", .integer(sessions)),
          ("rate_limits", .integer(resetLimits(of: session, service))),
        ])))
  }

  /// A limit that all keys share belongs to no session.
  private static func resetLimits(of session: String?, _ service: APIService) -> Int {
    guard let session else { return service.limiter.reset() }
    return service.configuration.keyring.accounts(of: session).reduce(0) { $0 + service.limiter.reset($1) }
  }
}
