import JSON

/// What a client needs to know of an endpoint: a sentence in `/_fakeai`, an operation in `/openapi.json`.
///
/// A class, because each request copies the row of its route, and needs none of this.
final class EndpointDescription: Sendable {
  /// One sentence.
  let summary: String
  /// The parameters of the query, as OpenAPI describes them.
  let query: [JSONText]
  /// The request's body: a schema for each of its media types; empty if it has none.
  let body: [JSONMember]
  /// The responses with a body of the endpoint's own.
  let responses: [Success]
  /// The statuses of the endpoint's own errors. Those that every endpoint of its part of the server can have are added to them.
  let errors: Set<Int>

  init(summary: String, query: [JSONText] = [], body: [JSONMember] = [], responses: [Success], errors: Set<Int> = []) {
    self.summary = summary
    self.query = query
    self.body = body
    self.responses = responses
    self.errors = errors
  }

  /// A response that is no error, or not only one.
  struct Success: Sendable {
    var status: Int
    /// A sentence.
    var meaning: String
    /// A schema for each of its media types; empty if it has no body.
    var content: [JSONMember] = []
    /// The names of headers that only this response has.
    var headers: [String] = []
  }

  static func ok(_ meaning: String, _ schema: JSONText, headers: [String] = []) -> Success {
    Success(status: 200, meaning: meaning, content: [("application/json", schema)], headers: headers)
  }
}

// MARK: Statuses

extension EndpointDescription {
  /// The statuses of nginx's own errors, which any request can get.
  static let ofNginx: Set = [400, 408, 413, 414, 431, 500, 501, 502, 503, 504, 505]

  /// The statuses of the errors that a part of the server adds: those of API keys, their limits and the faults that simulate them, and those of
  /// requests that may not use the mock's own routes.
  static func errors(of surface: RequestAddress.Surface) -> Set<Int> {
    switch surface {
    case .api: [401, 403, 429]
    case .own: [403, 415]
    case .images, .other: []
    }
  }

  /// What an error means that has the status, whichever endpoint it is of.
  static let meanings: [(status: Int, meaning: String)] = [
    (400, "The request is invalid: the message says what is wrong."),
    (401, "The API key is missing or unknown."),
    (403, "The key's organization, this address or this Host may not do that, or the URL's signature is not valid."),
    (404, "There is nothing with that name, or it has expired."),
    (408, "The request did not arrive in time."),
    (409, "The object is not in a state, or was changed meanwhile, so that this could be done."),
    (412, "A precondition in the request's headers is not met."),
    (413, "The body, or an image, is too large."),
    (414, "The request line is longer than 8 KiB."),
    (415, "The body has a media type or a content coding that is not accepted."),
    (416, "The requested range is outside the image."),
    (429, "A limit of the key is reached."),
    (431, "The headers are longer than 32 KiB, or one of them is longer than 8 KiB."),
    (500, "The server had an error."),
    (501, "The transfer encoding is not supported."),
    (502, "Every worker that got the request ended."),
    (503, "The server is overloaded, or its store or what hosts share is not available: try again after `Retry-After`."),
    (504, "The worker did not answer within 620 s."),
    (505, "This version of HTTP is not supported."),
    (507, "The store is full, and must not evict images."),
  ]
}
