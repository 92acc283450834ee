import Answers
import FastCGI
import ImageGeneration
import JSON
import ObjectStore

/// The routes of a response that was stored: /v1/responses/{response}, …/cancel and …/input_items.
///
/// All of it is the renderer's work: a store may take a while to answer, and the loop must not wait.
enum StoredResponseEndpoint {
  static let retrieve = serve { document, _, context throws(APIError) in
    let query = try ResponseQuery(context.request)
    let status = document.status(at: context.service.milliseconds())
    guard query.isStream || status == "completed" && !document.calls.isEmpty else {
      return .finished(.json(ResponseObject(document, status: status).json))
    }
    return try StoredResponse(context: context, document: document).begin(query)
  }

  static let delete: Route.Serve = { context throws(APIError) in
    let id = Route.decoded(context.parameter)
    guard let name = ObjectName(.response, id) else { throw .noSuchResponse(id) }
    return .render(
      Work({ [service = context.service] in service.objects.remove(name) }) { [service = context.service] wasThere throws(APIError) in
        guard wasThere || service.configuration.inventsUnknownIDs else { throw .noSuchResponse(id) }
        return .json(["id": .string(id), "object": "response", "deleted": true])
      })
  }

  static let cancel = serve { document, object, context throws(APIError) in
    try cancel(document, object, context, attempts: 8)
  }

  /// - Parameter attempts: how often the response may be changed by others meanwhile.
  private static func cancel(
    _ document: ResponseDocument, _ object: StoredObject?, _ context: RequestContext, attempts: Int
  ) throws(APIError) -> Work.Step {
    let service = context.service
    guard document.isBackground || service.configuration.inventsUnknownIDs else { throw .cancelOfSynchronous }
    let now = service.milliseconds()
    // What is over stays as it is.
    guard let object, document.cancelled == nil, now < document.due, let name = ObjectName(.response, document.id) else {
      return try show(document, context)
    }
    var cancelled = document
    cancelled.cancelled = now
    let bytes = cancelled.json.compactBytes
    return service.objects.put(bytes, as: name, expires: object.expires, where: .version(object.version)).step { [cancelled] result in
      attempt { () throws(APIError) in
        if try result.orAPIError() != nil {
          service.webhooks.send(WebhookEvent(.responseCancelled, about: cancelled.id, at: now / 1000))
          return try show(cancelled, context)
        }
        guard attempts > 1 else { throw .responseChanges }
        return find(document.id, name, context) { document, object, context throws(APIError) in
          try cancel(document, object, context, attempts: attempts - 1)
        }
      }
    }
  }

  private static func show(_ document: ResponseDocument, _ context: RequestContext) throws(APIError) -> Work.Step {
    let status = document.status(at: context.service.milliseconds())
    guard status == "completed" else { return .finished(.json(ResponseObject(document, status: status).json)) }
    return try StoredResponse(context: context, document: document).begin(ResponseQuery())
  }

  static let listInput = serve { document, _, context throws(APIError) in
    .finished(.json(try InputItemQuery(context.request).page(of: document.items)))
  }

  // MARK: Finding the response

  private typealias Act = @Sendable (ResponseDocument, StoredObject?, RequestContext) throws(APIError) -> Work.Step

  private static func serve(_ act: @escaping Act) -> Route.Serve {
    { context throws(APIError) in
      let id = Route.decoded(context.parameter)
      guard let name = ObjectName(.response, id) else { throw .noSuchResponse(id) }
      return .render(Work(inOneStep: { [context] in find(id, name, context, act) }))
    }
  }

  private static func find(_ id: String, _ name: ObjectName, _ context: RequestContext, _ act: @escaping Act) -> Work.Step {
    context.service.objects.object(name).step { result in
      attempt { () throws(APIError) in
        if let object = try result.orAPIError(), let document = ResponseDocument(object.bytes) { return try act(document, object, context) }
        guard context.service.configuration.inventsUnknownIDs else { throw .noSuchResponse(id) }
        return try act(.invented(id, now: context.service.milliseconds()), nil, context)
      }
    }
  }

  private static func attempt(_ step: () throws(APIError) -> Work.Step) -> Work.Step {
    do throws(APIError) { return try step() } catch { return .finished(error.response) }
  }
}

extension ResponseDocument {
  /// A response that was never made, for clients that ask for one under an ID of their own.
  fileprivate static func invented(_ id: String, now: Int) -> ResponseDocument {
    let text = ResponseText.text(calls: 0, failures: 0, isEdit: false)
    return ResponseDocument(
      id: id, model: MainlineModel.snapshot(of: MainlineModel.usual), created: now, begins: now, due: now, isBackground: false,
      isAzure: false, echo: ResponseEcho.usual, calls: [], told: [], prompt: "", text: text, ending: .completed,
      usage: ResponseDrawing.usage(input: 0, output: TokenRule.tokens(text)), toolUsage: .null, items: [], pictures: [], tokens: 0,
      redrawing: Redrawing(
        profile: .fakeai, operation: .generation, tool: .empty, sources: [], size: SizeRule.automatic, seed: 0, moment: 0,
        pictures: []))
  }
}

/// The query of GET /v1/responses/{response}.
struct ResponseQuery {
  var isStream = false
  /// The number of the first event to send.
  var first = 0
  var isObfuscated = true

  init() {}

  init(_ request: Request) throws(APIError) {
    for (name, value) in request.queryItems {
      switch name {
      case "stream": isStream = value == "true"
      case "include_obfuscation": isObfuscated = value != "false"
      case "starting_after":
        guard let number = Int(value), (0..<Int(Int32.max)).contains(number) else { throw .unconvertible(name, to: "an integer") }
        first = number + 1
      default: break
      }
    }
  }
}

/// The query of GET /v1/responses/{response}/input_items.
private struct InputItemQuery {
  private var (limit, after, before, isAscending) = (20, nil as String?, nil as String?, false)

  init(_ request: Request) throws(APIError) {
    for (name, value) in request.queryItems {
      switch name {
      case "limit":
        guard let number = Int(value) else { throw .unconvertible(name, to: "an integer") }
        if number < 0 { throw .belowMinimum(name, value, minimum: 0) }
        if number > 100 { throw .aboveMaximum(name, value, maximum: 100) }
        limit = number
      case "after": after = value
      case "before": before = value
      case "order":
        guard ["asc", "desc"].contains(value) else { throw .unsupportedValue(name, value, supported: ["asc", "desc"]) }
        isAscending = value == "asc"
      default: break
      }
    }
  }

  func page(of items: [JSONText]) -> JSONText {
    var rest = (isAscending ? items : items.reversed())[...]
    // After an item that is not there, there is nothing.
    if let after { rest = rest.drop { $0.id != after }.dropFirst() }
    if let before { rest = rest.prefix { $0.id != before } }
    let page = rest.prefix(limit)
    return [
      "object": "list", "data": .array(Array(page)), "first_id": page.first?.id.map(JSONText.string) ?? .null,
      "last_id": page.last?.id.map(JSONText.string) ?? .null, "has_more": .boolean(page.count < rest.count),
    ]
  }
}

extension JSONText {
  fileprivate var id: String? {
    guard case .object(let members) = self, case .string(let id)? = members.first(where: { $0.key == "id" })?.value else { return nil }
    return id
  }
}
