import Answers
import FastCGI
import JSON
import ObjectStore
import SystemCalls

/// /v1/webhook_endpoints, /v1/webhook_endpoints/{endpoint} with /rotate_secret and /test, and /v1/webhook_event_types.
enum WebhooksEndpoint {
  static let create: Route.Serve = { context throws(APIError) in
    let body = try context.jsonBody()
    let service = context.service
    let name = try body.requiredString("name", longest: longestName)
    guard let url = try url(in: body, context) else { throw .missing("url") }
    guard let types = try eventTypes(in: body) else { throw .missing("event_types") }
    let now = service.seconds()
    let endpoint = WebhookEndpoint(
      id: ObjectName.newID("whe_", digits: 32, now: service.clock.now()), name: name, url: url, eventTypes: types, created: now,
      updated: now, secret: WebhookEndpoint.newSecret())
    return try context.after(service.objects.ids(of: .webhook, prefix: "")) { context, ids throws(APIError) in
      guard ids.count < mostEndpoints else { throw .tooManyWebhooks(maximum: mostEndpoints) }
      return try put(endpoint, where: .absent, &context, showsSecret: true)
    }
  }

  private static let mostEndpoints = 64
  static let longestName = 256

  static let list: Route.Serve = { context throws(APIError) in
    let query = try ObjectPageQuery(context)
    return try context.after(context.service.objects.ids(of: .webhook, prefix: "")) { context, ids throws(APIError) in
      let (page, hasMore) = query.page(of: ids)
      let names = page.compactMap { ObjectName(.webhook, $0) }
      return try context.after(context.service.objects.objects(names)) { _, found throws(APIError) in
        let endpoints = found.compactMap { $0.flatMap { WebhookEndpoint(document: $0.bytes) } }
        return .respond(.json(.page(endpoints.map { ($0.id, $0.json()) }, hasMore: hasMore)))
      }
    }
  }

  static let retrieve: Route.Serve = { context throws(APIError) in
    try find(&context) { _, endpoint, _ throws(APIError) in .respond(.json(endpoint.json())) }
  }

  static let update: Route.Serve = { context throws(APIError) in
    let body = try context.jsonBody()
    let (name, url, types) = (try body.string("name", longest: longestName), try url(in: body, context), try eventTypes(in: body))
    return try find(&context) { context, found, version throws(APIError) in
      var endpoint = found
      (endpoint.name, endpoint.url, endpoint.eventTypes) = (name ?? found.name, url ?? found.url, types ?? found.eventTypes)
      guard endpoint != found else { return .respond(.json(found.json())) }
      endpoint.updated = context.service.seconds()
      return try put(endpoint, where: .version(version), &context)
    }
  }

  static let delete: Route.Serve = { context throws(APIError) in
    let id = Route.decoded(context.parameter)
    guard let name = ObjectName(.webhook, id) else { throw .noSuchWebhook(id) }
    return try context.after(context.service.objects.remove(name)) { context, wasThere throws(APIError) in
      guard wasThere || context.service.configuration.inventsUnknownIDs else { throw .noSuchWebhook(id) }
      return .respond(.json(["id": .string(id), "object": "webhook_endpoint.deleted", "deleted": true]))
    }
  }

  static let rotate: Route.Serve = { context throws(APIError) in
    let keepsOld = try context.jsonBody().boolean("keep_old_secret_active_for_24_hours") ?? false
    return try find(&context) { context, found, version throws(APIError) in
      var endpoint = found
      let now = context.service.seconds()
      (endpoint.oldSecret, endpoint.oldSecretEnd) = keepsOld ? (found.secret, now + 86_400) : (nil, 0)
      (endpoint.secret, endpoint.updated) = (WebhookEndpoint.newSecret(), now)
      return try put(endpoint, where: .version(version), &context, showsSecret: true)
    }
  }

  /// Sends an event about nothing, and reports the status of the endpoint's response.
  static let test: Route.Serve = { context throws(APIError) in
    let type = try context.jsonBody().requiredChoice("event_type", of: WebhookEvent.knownTypes)
    return try find(&context) { context, endpoint, _ throws(APIError) in
      let service = context.service
      let prefix = type.hasPrefix("batch.") ? "batch_" : type.hasPrefix("response.") ? "resp_" : "test_"
      let subject = prefix + APIService.randomHexadecimal()
      let event = WebhookEvent(type: type, about: subject, at: service.seconds())
      return context.suspend(
        until: { (receive: @escaping @Sendable (Result<Int, WebhookFailure>) -> Void) in
          service.webhooks.test(event, on: endpoint.id, receive)
        },
        goOn: { _, result throws(APIError) in
          switch result {
          case .failure(let failure): throw .untestedWebhook(failure)
          case .success(let status):
            return .respond(.json(testResult(of: endpoint.id, type, status)))
          }
        })
    }
  }

  static let eventTypes: Route.Serve = { _ throws(APIError) in
    .respond(.json(["object": "list", "data": .strings(WebhookEvent.Kind.allCases.map(\.rawValue))]))
  }

  // MARK: Parts

  /// Where IDs are invented, URLs may be, too.
  private static func url(in body: JSONBody, _ context: RequestContext) throws(APIError) -> String? {
    guard let text = try body.string("url", longest: WebhookURL.longest) else { return nil }
    let isKnown = WebhookURL(text) != nil || context.service.configuration.inventsUnknownIDs && text.hasPrefix("https://")
    guard isKnown else { throw .badWebhookURL(text) }
    return text
  }

  private static func eventTypes(in body: JSONBody) throws(APIError) -> [String]? {
    guard let types = try body.strings("event_types") else { return nil }
    guard !types.isEmpty else { throw .emptyArray("event_types") }
    for (index, type) in types.enumerated() where !WebhookEvent.knownTypes.contains(type) {
      throw .unsupportedValue("event_types[\(index)]", type, supported: WebhookEvent.knownTypes)
    }
    // Each once.
    return types.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func find(
    _ context: inout RequestContext,
    _ goOn: @escaping @Sendable (inout RequestContext, WebhookEndpoint, ObjectVersion) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    let id = Route.decoded(context.parameter)
    guard let name = ObjectName(.webhook, id) else { throw .noSuchWebhook(id) }
    return try context.after(context.service.objects.object(name)) { context, stored throws(APIError) in
      guard let stored, let endpoint = WebhookEndpoint(document: stored.bytes) else {
        guard context.service.configuration.inventsUnknownIDs else { throw .noSuchWebhook(id) }
        return .respond(invention(&context, id))
      }
      return try goOn(&context, endpoint, stored.version)
    }
  }

  /// The answer about an endpoint that was never created.
  private static func invention(_ context: inout RequestContext, _ id: String) -> Response {
    if context.path.hasSuffix("/test") { return .json(testResult(of: id, "batch.completed", 200)) }
    let now = context.service.seconds()
    let endpoint = WebhookEndpoint(
      id: id, name: "invented", url: "http://127.0.0.1/", eventTypes: [WebhookEvent.knownTypes[0]], created: now, updated: now,
      secret: WebhookEndpoint.newSecret())
    return .json(endpoint.json(showsSecret: context.path.hasSuffix("/rotate_secret")))
  }

  private static func testResult(of id: String, _ type: String, _ status: Int) -> JSONText {
    [
      "object": "webhook_endpoint.test", "webhook_endpoint_id": .string(id), "event_type": .string(type), "success": true,
      "status_code": .integer(status),
    ]
  }

  private static func put(
    _ endpoint: WebhookEndpoint, where condition: ObjectCondition, _ context: inout RequestContext, showsSecret: Bool = false
  ) throws(APIError) -> Reply.Action {
    guard let name = ObjectName(.webhook, endpoint.id) else { throw .noSuchWebhook(endpoint.id) }
    let expires = context.service.clock.now() + WebhookEndpoint.life
    let answer = context.service.objects.put(endpoint.document, as: name, expires: expires, where: condition)
    return try context.after(answer) { _, version throws(APIError) in
      guard version != nil else { throw .webhookChanged(endpoint.id) }
      var response = Response.json(endpoint.json(showsSecret: showsSecret))
      if WebhookURL(endpoint.url)?.isSecure == true { response.add("X-FakeAI-Reason", WebhookURL.whyNotDelivered) }
      return .respond(response)
    }
  }
}
