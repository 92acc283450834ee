import FastCGI
import Simulation

/// GET and PUT /_fakeai/rules: the document in force, and another in its place, in every worker at once.
enum RulesEndpoint {
  static let get: Route.Endpoint = { service, _, _ throws(APIError) in .now(response(service.rules.document)) }

  static let put: Route.Endpoint = { service, request, _ throws(APIError) in
    let text = try Parameters.bytes(of: request)
    let document: RuleDocument
    do throws(RuleDocumentError) { document = try RuleDocument(parsing: text) } catch { throw .badRules(error) }
    guard service.rules.replace(with: document) else { throw .rulesBusy }
    return .now(response(document))
  }

  private static func response(_ document: RuleDocument) -> Response {
    Response(headers: [("Content-Type", "application/json")], body: document.text)
  }
}
