import FastCGI
import JSON
import Journal
import Limits
import Simulation

extension OpenAPIDocument {
  /// The headers that a request can have, by name.
  static let requestHeaders: [JSONMember] = [
    header(RequestContext.sessionHeader, sessionSchema, "The session of the request, which has its own rules, counts and journal."),
    header(
      RequestContext.profileHeader, ["type": "string", "enum": .strings(Profile.allCases.map(\.rawValue))],
      "Another profile than the configured one."),
    header(
      "X-FakeAI-Fault", ["type": "string", "examples": .strings(Fault.allCases.map(\.rawValue))],
      "A fault, and its parameters: `rate_limit retry_after=2s`."),
    header("X-FakeAI-Latency", ["type": "string", "examples": ["2s", "uniform:1s..3s"]], "Allowed: \(Latency.allowed)."),
    header("X-FakeAI-Seed", ["type": "integer", "minimum": 0], "Selects the images and the latency."),
    header(
      "X-FakeAI-Bytes", ["type": "string", "pattern": "^[0-9]{1,9}[KM]?$", "examples": ["5M"]],
      "The size to which each image is padded, up to 64M."),
    header(
      "X-FakeAI-Picture", ["type": "string", "examples": ["cat.png", "cat.png, dog.jpg", "none"]],
      "The files of `FAKEAI_PICTURES` that the images show, by turns; `none`: the images are drawn."),
    header(
      "X-FakeAI-Template", ["type": "string", "examples": ["card", "standard", "none"]],
      "The template of `FAKEAI_TEMPLATES` by which the images are drawn; `none`: the usual layout."),
  ]

  /// The names of the headers that matter to a part of the server.
  static func headers(_ surface: RequestAddress.Surface) -> [String] {
    let names = requestHeaders.map(\.key)
    return surface == .api ? names : names.filter { $0 != RequestContext.profileHeader }
  }

  private static func header(_ name: String, _ schema: JSONText, _ description: String) -> JSONMember {
    (name, ["name": .string(name), "in": "header", "description": .string(description), "schema": schema])
  }

  /// The names of the headers that responses of the API have: the API's own, which every response has, and those that the mock adds where
  /// there is something to say.
  static let apiHeaders =
    ["x-request-id", "openai-processing-ms", "openai-version", "openai-organization", "openai-project"] + limits
    + [Response.imagesHeader, Response.imageFormatHeader, "X-FakeAI-Ignored", "X-FakeAI-Reason", "X-FakeAI-Fault", "X-FakeAI-Rule"]

  /// The headers of the limits that every response reports.
  private static let limits = RateLimitKind.allCases.flatMap(RateLimitHeaders.names(of:)).flatMap { [$0.limit, $0.remaining, $0.reset] }

  /// The headers of responses, by name.
  static let responseHeaders: [JSONMember] =
    [
      described("X-FakeAI-Worker", ["type": "string"], "The worker that responded, as number and process id."),
      described(Response.imagesHeader, ["type": "string"], "The ids of the images that were stored, separated by commas."),
      described(
        Response.imageFormatHeader, ["type": "string"], "The file extension of the images that were stored: `/images/<id>.<extension>`."),
      described(
        "X-FakeAI-Ignored", ["type": "string"], "What had no effect, separated by semicolons: parameters, and uploads with the reason."),
      described(
        "X-FakeAI-Reason", ["type": "string"],
        "What the error's wording does not say: why a file is not an image, where JSON is invalid, which name was probably meant."),
      described("X-FakeAI-Fault", ["type": "string"], "The fault that was applied."),
      described("X-FakeAI-Rule", ["type": "string"], "The names or numbers of the rules that were applied."),
      described(
        Response.unconfirmedHeader, ["type": "string"],
        "After a change of the rules of several hosts: the hosts on which it may not be in force yet, separated by commas."),
      described("x-request-id", ["type": "string", "pattern": "^req_[0-9a-f]{32}$"], "The id of the request, also in nginx's log."),
      described("openai-processing-ms", count, "Milliseconds from the request's arrival until its response was ready."),
      described("openai-version", ["type": "string"], "The version of OpenAI's API."),
      described("openai-organization", ["type": "string"], "The organization of every key."),
      described("openai-project", ["type": "string"], "The project of every key."),
      described("retry-after", count, "Seconds until another attempt may succeed."),
      described("retry-after-ms", count, "The same in milliseconds, which OpenAI's clients prefer."),
      described("operation-location", ["type": "string", "format": "uri"], "Where to poll."),
      described("Content-Range", ["type": "string"], "The range, and the length of the whole image."),
    ]
    + limits.map { name in
      described(name, name.contains("-reset-") ? ["type": "string"] : count, "The state of the key's limit: units per minute.")
    }

  private static let count: JSONText = ["type": "integer", "minimum": 0]

  private static func described(_ name: String, _ schema: JSONText, _ description: String) -> JSONMember {
    (name, ["description": .string(description), "schema": schema])
  }

  static let sessionSchema: JSONText = [
    "type": "string", "pattern": .string("^[A-Za-z0-9._-]{1,\(SessionName.longest)}$"),
  ]
}

extension JSONText {
  static func query(_ name: String, _ schema: JSONText, _ description: String) -> JSONText {
    ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
  }

  static let session = query(
    "session", OpenAPIDocument.sessionSchema, "The session; it takes precedence over the header.")

  /// Any date is accepted.
  static let apiVersion = query(
    "api-version", ["type": "string", "examples": ["2025-04-01-preview"]], "The version of Azure's API. It has no effect.")
}

extension EventsQuery {
  static let description: [JSONText] = [
    .query(
      "topics", ["type": "string", "examples": ["requests", "figures", "requests,figures"]],
      "What to stream, separated by a comma; everything by default."),
    .query(
      "since", ["type": "integer", "minimum": 0],
      "The sequence number of the first request. The header `Last-Event-ID` takes precedence: the first request is the one after it."),
  ]
}

extension JournalQuery {
  /// The filters, as OpenAPI describes them.
  static let filterDescription: [JSONText] = JournalField.allCases.map { field in
    field == .session ? .session : .query(field.rawValue, ["type": "string"], "The \(field.rawValue) that requests must have.")
  }

  static let description: [JSONText] =
    filterDescription + [
      .query("since", ["type": "integer", "minimum": 0], "The first sequence number to return."),
      .query("limit", ["type": "integer", "minimum": 0, "maximum": .integer(mostEntries)], "How many requests to return, 100 by default."),
      .query(
        "wait", ["type": "number", "minimum": 0, "maximum": .integer(Int(longestWait))],
        "Seconds to wait until a request matches, or `count` requests do."),
      .query(
        "count", ["type": "integer", "minimum": 1, "maximum": .integer(mostEntries)], "The number of matches to wait for; fewer are 408."),
    ]
}
