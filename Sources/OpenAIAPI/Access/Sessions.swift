import Answers
import FastCGI
import FoundationEssentials
import Limits
import Simulation

extension RequestContext {
  /// The header that names the session of a request. It takes precedence over the session of the key.
  static let sessionHeader = "X-FakeAI-Session"

  static func session(of request: Request, _ account: Result<Account, APIError>) -> Result<String, APIError> {
    guard let name = request.header(sessionHeader) else {
      // The error of a key is reported where the key is checked.
      return .success((try? account.get())?.session ?? "")
    }
    return SessionName.isValid(name) ? .success(name) : .failure(.badSession(name, in: sessionHeader))
  }

  /// The effect of the session's rules on the request, which they count.
  func verdict(on subject: @autoclosure () -> RuleSubject) throws(APIError) -> Answer<RuleVerdict, RulesError> {
    service.rules.verdict(on: subject(), of: try session())
  }
}

/// The sessions that a request to one of the mock's own routes is about.
struct SessionChoice {
  /// nil: all; "": the requests without a session.
  var session: String?

  /// The value of the query's `session` that means all sessions.
  static let all = "*"

  /// - Parameters:
  ///   - query: the value of `session` in the query. It takes precedence over the header.
  ///   - header: the session in the header, "" without one.
  ///   - usual: the choice if neither names a session.
  init(query: String?, header: String, usual: String?) throws(APIError) {
    guard let query else {
      session = header.isEmpty ? usual : header
      return
    }
    guard query.isEmpty || query == Self.all || SessionName.isValid(query) else { throw .badSession(query, in: "session") }
    session = query == Self.all ? nil : query
  }

  /// For a route whose query has no other parameter.
  init(only context: RequestContext, usual: String?) throws(APIError) {
    var session: String?
    for (name, value) in context.request.queryItems {
      guard name == "session" else { throw .unknownQuery(name, known: ["session"]) }
      session = value
    }
    try self.init(query: session, header: try context.session(), usual: usual)
  }
}

extension Request {
  /// The parameters of the query, decoded.
  var queryItems: [(name: String, value: String)] {
    // Forms encode a space as `+`; URLs do not.
    let items = URLComponents(string: "?" + query.replacing("+", with: "%20"))?.queryItems ?? []
    return items.map { ($0.name, $0.value ?? "") }
  }
}

extension APIError {
  static func badSession(_ name: String, in place: String) -> APIError {
    badHeader(place, name, allowed: SessionName.allowed)
  }

  static func unknownQuery(_ name: String, known: [String]) -> APIError {
    let names = known.count == 1 ? "The supported name is '\(known[0])'" : "Supported names are \(list(known, conjunction: "and"))"
    return APIError(400, "Unknown parameter: '\(name)'. \(names).", param: name, code: "unknown_parameter")
  }
}

extension RulesError: SharedStateError {
  var apiError: APIError {
    switch self {
    case .busy: .rulesBusy
    case .full:
      APIError(
        503,
        "\(SharedRules.mostSessions) sessions have rules or counts, which is the maximum. Reset those that are no longer needed: "
          + "POST /_fakeai/reset?session=<name>, or POST /_fakeai/reset for all.", type: .unavailable, code: "too_many_sessions")
    case .tooLong(let bytes, let limit):
      APIError(
        400, "Invalid rules: the document has \(bytes) bytes; allowed: at most \(limit), or \(RuleDocument.longest) without a session.",
        code: "invalid_rules")
    case .unavailable(let reason): .sharedStateUnavailable(reason)
    }
  }
}
