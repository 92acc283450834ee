import FastCGI
import JSON
import Metrics

/// GET /v1/organization/usage/images: what all workers have counted.
///
/// The counters have no time, model, size or key. Therefore the page has one bucket, with everything since the counters began, and a period that
/// is over has no results. By `source`, the requests are known, but not their images: these are null, unless only one source has any.
enum UsageEndpoint {
  static let images: Route.Serve = { context throws(APIError) in
    let query = try UsageQuery(context)
    let now = context.service.seconds()
    let end = query.end ?? now
    let totals = context.service.snapshot.totals
    let results = end < now ? [] : query.results(of: totals)
    let bucket: JSONText = ["object": "bucket", "start_time": .integer(query.start), "end_time": .integer(end), "results": .array(results)]
    return .respond(.json(["object": "page", "data": [bucket], "has_more": false, "next_page": .null]))
  }
}

/// The query of ``UsageEndpoint``.
struct UsageQuery: Sendable, Equatable {
  /// Seconds since 1970.
  var start: Int
  var end: Int?
  /// nil: all.
  var sources: Set<String>?
  var groupsBySource = false

  static let widths = ["1m", "1h", "1d"]
  static let groups = ["project_id", "user_id", "api_key_id", "model", "size", "source"]
  /// The sources, and the ends of their routes.
  static let sources: [(name: String, route: String)] = [
    ("image.generation", "/images/generations"), ("image.edit", "/images/edits"), ("image.variation", "/images/variations"),
  ]

  init(_ context: RequestContext) throws(APIError) {
    var start: Int?
    for (name, value) in context.request.queryItems {
      // Clients send lists in three ways.
      switch name.hasSuffix("[]") ? String(name.dropLast(2)) : name {
      case "start_time": start = try Self.seconds(name, value)
      case "end_time": end = try Self.seconds(name, value)
      case "bucket_width": _ = try Self.choices(value, of: Self.widths)
      case "sources": sources = (sources ?? []).union(try Self.choices(value, of: Self.sources.map(\.name)))
      case "group_by": if try Self.choices(value, of: Self.groups).contains("source") { groupsBySource = true }
      default: break
      }
    }
    guard let start else { throw .missing("start_time") }
    self.start = start
  }

  private static func seconds(_ name: String, _ text: String) throws(APIError) -> Int {
    guard let number = Int(text) else { throw .unconvertible(name, to: "an integer") }
    guard number >= 0 else { throw .belowMinimum(name, text, minimum: 0) }
    return number
  }

  private static func choices(_ text: String, of supported: [String]) throws(APIError) -> [String] {
    let values = text.split(separator: ",").map(String.init)
    for value in values where !supported.contains(value) { throw .unsupportedValue("", value, supported: supported) }
    return values
  }

  /// The results of the only bucket.
  func results(of totals: PoolTotals) -> [JSONText] {
    let counts = Self.sources.map { source in
      let answers = totals.answers.filter { $0.status == 200 && $0.route.hasSuffix(source.route) }
      return (name: source.name, requests: answers.reduce(0) { $0 + Int($1.count) })
    }
    let used = counts.filter { $0.requests > 0 }
    let wanted = used.filter { sources?.contains($0.name) ?? true }
    // An image that was drawn may be of any source that has requests.
    // The real API has no upscales.
    let drawn = Int(totals.counters[.drawn, default: 0]) - Int(totals.counters[.upscaled, default: 0])
    if groupsBySource { return wanted.map { Self.result($0.requests, images: used.count == 1 ? drawn : nil, source: $0.name) } }
    guard !wanted.isEmpty else { return [] }
    return [Self.result(wanted.reduce(0) { $0 + $1.requests }, images: wanted.count == used.count ? drawn : nil, source: nil)]
  }

  private static func result(_ requests: Int, images: Int?, source: String?) -> JSONText {
    [
      "object": "organization.usage.images.result", "images": images.map(JSONText.integer) ?? .null,
      "num_model_requests": .integer(requests), "source": .orNull(source), "size": .null, "project_id": .null, "user_id": .null,
      "api_key_id": .null, "model": .null,
    ]
  }
}

extension EndpointDescription {
  static let imageUsage = EndpointDescription(
    summary: "Returns how many requests for images were answered, and how many images were drawn.",
    query: [
      .object([
        ("name", "start_time"), ("in", "query"), ("required", true), ("schema", ["type": "integer", "minimum": 0]),
        ("description", "Seconds since 1970. The counters have no time: it has no effect."),
      ]),
      .query("end_time", ["type": "integer", "minimum": 0], "Seconds since 1970. A period that is over has no results."),
      .query("bucket_width", ["enum": .strings(UsageQuery.widths)], "It has no effect."),
      .query("group_by", ["enum": .strings(UsageQuery.groups)], "Only `source` has an effect."),
      .query("sources", ["enum": .strings(UsageQuery.sources.map(\.name))], "Only these sources."),
    ],
    responses: [
      ok(
        "The usage.",
        OpenAPIDocument.object([
          "object": ["const": "page"], "data": .array(of: ["type": "object"]), "has_more": ["const": false], "next_page": ["type": "null"],
        ]))
    ])
}
