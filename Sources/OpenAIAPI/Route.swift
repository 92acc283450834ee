import FastCGI
import FoundationEssentials
import JSON

/// One row of the routing table: a path and its methods.
struct Route: Sendable {
  typealias Serve = @Sendable (inout RequestContext) throws(APIError) -> Reply.Action

  struct Endpoint: Sendable {
    let method: String
    /// Whether faults and latency are simulated before the endpoint runs. Endpoints that make images do that themselves.
    let isSimulated: Bool
    let description: EndpointDescription
    let serve: Serve

    /// HEAD is everything that GET is, without the body (RFC 9110, section 9.3.2).
    var head: Endpoint { Endpoint(method: "HEAD", isSimulated: isSimulated, description: description, serve: serve) }
  }

  /// As in the table below: `/images/{file}`.
  let path: String
  private let prefix: String
  /// The part after the parameter; nil if there is no parameter.
  private let suffix: String?
  let endpoints: [Endpoint]

  /// - Parameter path: literal, or with a `{parameter}` as one of its components.
  private init(_ path: String, _ endpoints: Endpoint...) {
    self.path = path
    prefix = String(path.prefix { $0 != "{" })
    suffix = path.firstIndex(of: "}").map { String(path[path.index(after: $0)...]) }
    self.endpoints =
      endpoints.contains { $0.method == "HEAD" } ? endpoints : endpoints.flatMap { $0.method == "GET" ? [$0, $0.head] : [$0] }
  }

  /// The name of the part in braces: `file`; nil if there is none.
  var parameter: String? { path.firstIndex(of: "{").map { String(path[path.index(after: $0)...].prefix { $0 != "}" }) } }

  /// The index of the route of a path, and the path's parameter ("" if the route has none).
  static func index(of path: String) -> (Int, Substring)? {
    for (index, route) in all.enumerated() { if let parameter = route.match(path) { return (index, parameter) } }
    return nil
  }

  private func match(_ path: String) -> Substring? {
    guard let suffix else { return path == prefix ? "" : nil }
    guard path.utf8.count > prefix.utf8.count + suffix.utf8.count, path.hasPrefix(prefix), path.hasSuffix(suffix) else { return nil }
    let bytes = path.utf8.span
    let place = prefix.utf8.count..<bytes.count - suffix.utf8.count
    for index in place where bytes[index] == UInt8(ascii: "/") { return nil }
    let start = path.utf8.index(path.startIndex, offsetBy: place.lowerBound)
    return path[start..<path.utf8.index(start, offsetBy: place.count)]
  }

  /// A parameter with its percent escapes decoded.
  static func decoded(_ parameter: Substring) -> String {
    URLComponents(string: "/" + parameter).map { String($0.path.dropFirst()) } ?? String(parameter)
  }

  /// All routes of the server, the frequent ones first, because they are tried in turn. Paths are matched undecoded: none of these needs an
  /// escape.
  static let all = [
    Route("/images/{file}", simulated("GET", .image, ImageEndpoint.get), simulated("HEAD", .image, ImageEndpoint.get)),
    Route("/v1/images/generations", plain("POST", .generation, ImagesEndpoint.generate)),
    Route("/v1/images/edits", plain("POST", .edit, ImagesEndpoint.edit)),
    Route("/v1/images/variations", plain("POST", .variation, ImagesEndpoint.vary)),
    Route("/v1/images/upscales", plain("POST", .upscale, ImagesEndpoint.upscale)),
    Route("/v1/responses", plain("POST", .response, ResponsesEndpoint.create)),
    Route("/v1/responses/input_tokens", simulated("POST", .inputTokens, ResponsesEndpoint.countTokens)),
    Route("/v1/responses/compact", simulated("POST", .compaction, ResponsesEndpoint.compact)),
    Route(
      "/v1/responses/{response}", simulated("GET", .storedResponse, StoredResponseEndpoint.retrieve),
      simulated("DELETE", .responseDeletion, StoredResponseEndpoint.delete)),
    Route("/v1/responses/{response}/cancel", simulated("POST", .responseCancellation, StoredResponseEndpoint.cancel)),
    Route("/v1/responses/{response}/input_items", simulated("GET", .inputItems, StoredResponseEndpoint.listInput)),
    Route("/v1/models", simulated("GET", .models, ModelsEndpoint.list)),
    Route(
      "/v1/models/{model}", simulated("GET", .model, ModelsEndpoint.retrieve),
      simulated("DELETE", .modelDeletion, ModelsEndpoint.delete)),
    Route("/v1/moderations", plain("POST", .moderation, ModerationsEndpoint.create)),
    Route("/v1/batches", simulated("POST", .newBatch, BatchesEndpoint.create), simulated("GET", .batches, BatchesEndpoint.list)),
    Route("/v1/batches/{batch}", simulated("GET", .batch, BatchesEndpoint.retrieve)),
    Route("/v1/batches/{batch}/cancel", simulated("POST", .batchCancellation, BatchesEndpoint.cancel)),
    Route(
      "/v1/webhook_endpoints", simulated("POST", .newWebhook, WebhooksEndpoint.create),
      simulated("GET", .webhooks, WebhooksEndpoint.list)),
    Route(
      "/v1/webhook_endpoints/{endpoint}", simulated("GET", .webhook, WebhooksEndpoint.retrieve),
      simulated("POST", .webhookUpdate, WebhooksEndpoint.update), simulated("DELETE", .webhookDeletion, WebhooksEndpoint.delete)),
    Route("/v1/webhook_endpoints/{endpoint}/rotate_secret", simulated("POST", .webhookRotation, WebhooksEndpoint.rotate)),
    Route("/v1/webhook_endpoints/{endpoint}/test", simulated("POST", .webhookTest, WebhooksEndpoint.test)),
    Route("/v1/webhook_event_types", simulated("GET", .webhookEventTypes, WebhooksEndpoint.eventTypes)),
    Route("/v1/organization/usage/images", simulated("GET", .imageUsage, UsageEndpoint.images)),
    Route("/v1/files", simulated("GET", .files, FilesEndpoint.list), simulated("POST", .newFile, FilesEndpoint.create)),
    Route("/v1/files/{file_id}", simulated("GET", .file, FilesEndpoint.retrieve), simulated("DELETE", .fileDeletion, FilesEndpoint.delete)),
    Route("/v1/files/{file_id}/content", simulated("GET", .fileContent, FilesEndpoint.content)),
    Route("/v1/uploads", simulated("POST", .newUpload, ChunkedUploadsEndpoint.create)),
    Route("/v1/uploads/{upload}/parts", simulated("POST", .newUploadPart, ChunkedUploadsEndpoint.addPart)),
    Route("/v1/uploads/{upload}/complete", simulated("POST", .uploadCompletion, ChunkedUploadsEndpoint.complete)),
    Route("/v1/uploads/{upload}/cancel", simulated("POST", .uploadCancellation, ChunkedUploadsEndpoint.cancel)),
    // Azure's names for the same endpoints.
    Route("/openai/deployments/{deployment}/images/generations", plain("POST", .generation, ImagesEndpoint.generate)),
    Route("/openai/deployments/{deployment}/images/edits", plain("POST", .edit, ImagesEndpoint.edit)),
    // Azure's client uses these paths if a call names no deployment, and for operations that have none.
    Route("/openai/images/generations", plain("POST", .generation, ImagesEndpoint.generate)),
    Route("/openai/images/edits", plain("POST", .edit, ImagesEndpoint.edit)),
    Route("/openai/images/variations", plain("POST", .variation, ImagesEndpoint.vary)),
    Route("/openai/images/generations:submit", plain("POST", .submission, ImagesEndpoint.submit)),
    Route(
      AzureOperationEndpoint.path + "{operation}", plain("GET", .operation, AzureOperationEndpoint.get),
      plain("DELETE", .operationDeletion, AzureOperationEndpoint.delete)),
    Route("/openai/models", simulated("GET", .models, ModelsEndpoint.list)),
    Route("/openai/models/{model}", simulated("GET", .model, ModelsEndpoint.retrieve)),
    Route("/healthz", plain("GET", .alive, HealthEndpoint.alive), plain("HEAD", .alive, HealthEndpoint.alive)),
    Route("/readyz", plain("GET", .ready, HealthEndpoint.ready), plain("HEAD", .ready, HealthEndpoint.ready)),
    Route("/_fakeai/stats", plain("GET", .statistics, StatisticsEndpoint.get)),
    Route("/_fakeai/faults", plain("GET", .faults, FaultsEndpoint.list)),
    Route("/_fakeai/rules", plain("GET", .rules, RulesEndpoint.get), plain("PUT", .newRules, RulesEndpoint.put)),
    Route("/_fakeai/limits", plain("GET", .limits, LimitsEndpoint.get)),
    Route("/_fakeai/requests", plain("GET", .journal, JournalEndpoint.get), plain("DELETE", .journalDeletion, JournalEndpoint.clear)),
    Route("/_fakeai/events", plain("GET", .events, EventsEndpoint.get)),
    Route("/_fakeai/reset", plain("POST", .reset, ResetEndpoint.post)),
    Route(OverviewEndpoint.path, plain("GET", .overview, OverviewEndpoint.get)),
    Route(OpenAPIEndpoint.path, plain("GET", .description, OpenAPIEndpoint.get)),
    Route("/metrics", plain("GET", .metrics, MetricsEndpoint.get)),
  ]

  private static func plain(_ method: String, _ description: EndpointDescription, _ serve: @escaping Serve) -> Endpoint {
    Endpoint(method: method, isSimulated: false, description: description, serve: serve)
  }

  private static func simulated(_ method: String, _ description: EndpointDescription, _ serve: @escaping Serve) -> Endpoint {
    Endpoint(method: method, isSimulated: true, description: description, serve: serve)
  }
}

extension Response {
  /// JSON in the API's format: indented by two spaces, with a newline at the end.
  static func json(_ json: JSONText, status: Int = 200) -> Response {
    var body = json.indentedBytes
    body.append(UInt8(ascii: "\n"))
    return Response(status: status, headers: [("Content-Type", "application/json")], body: body)
  }
}
