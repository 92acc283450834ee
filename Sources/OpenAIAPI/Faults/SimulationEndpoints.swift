import FastCGI
import ImageGeneration
import JSON
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

/// GET and PUT /_fakeai/rules: reads the document in force, or replaces it in every worker at once.
enum RulesEndpoint {
  static let get: Route.Serve = { context throws(APIError) in .respond(response(context.service.rules.document)) }

  static let put: Route.Serve = { context throws(APIError) in
    let text = try context.wholeBody()
    let document: RuleDocument
    do throws(RuleDocumentError) { document = try RuleDocument(parsing: text) } catch { throw .badRules(error) }
    guard context.service.rules.replace(with: document) else { throw .rulesBusy }
    return .respond(response(document))
  }

  private static func response(_ document: RuleDocument) -> Response {
    Response(headers: [("Content-Type", "application/json")], body: document.text)
  }
}
