import FastCGI
import JSON
import Simulation

/// A validated request to create a batch.
struct BatchRequest: Sendable {
  let inputFile: String
  let endpoint: String
  let metadata: [String: String]?
  let outputLife: Int

  /// The endpoints whose lines this server performs.
  static let endpoints = ["/v1/images/generations", "/v1/images/edits", "/v1/responses"]

  /// Those that only production has.
  private static let otherEndpoints = [
    "/v1/chat/completions", "/v1/embeddings", "/v1/completions", "/v1/moderations", "/v1/videos",
  ]

  init(_ body: JSONBody) throws(APIError) {
    inputFile = try body.requiredString("input_file_id", longest: 128)
    let endpoint = try body.requiredString("endpoint", longest: 256)
    guard !Self.otherEndpoints.contains(endpoint) else { throw .noBatches(of: endpoint, supported: Self.endpoints) }
    guard Self.endpoints.contains(endpoint) else { throw .unsupportedValue("endpoint", endpoint, supported: Self.endpoints) }
    self.endpoint = endpoint
    _ = try body.requiredChoice("completion_window", of: [Batch.completionWindow])
    metadata = try Self.metadata(body)
    outputLife = try body.lifetime("output_expires_after") ?? Batch.life
  }

  private static func metadata(_ body: JSONBody) throws(APIError) -> [String: String]? {
    guard let metadata = try body.object("metadata") else { return nil }
    let pairs = try metadata.stringMembers()
    guard pairs.count <= mostPairs else { throw .tooManyPairs(pairs.count, maximum: mostPairs) }
    for (name, value) in pairs {
      let (nameLength, valueLength) = (name.unicodeScalars.count, value.unicodeScalars.count)
      guard nameLength <= longestName else { throw .tooLong("metadata", length: nameLength, maximum: longestName) }
      guard valueLength <= longestValue else { throw .tooLong("metadata.\(name)", length: valueLength, maximum: longestValue) }
    }
    return pairs
  }

  private static let mostPairs = 16
  private static let longestName = 64
  private static let longestValue = 512
}

extension RequestContext {
  /// The header that says how long a batch takes.
  static let batchTimeHeader = "X-FakeAI-Batch-Time"

  /// The time that a new batch takes: the header's, or the setting's.
  func batchTime() throws(APIError) -> Duration {
    guard let text = request.header(Self.batchTimeHeader) else { return service.configuration.batchTime }
    guard let time = Duration(text: text), time <= Self.longestBatchTime else {
      throw .badHeader(Self.batchTimeHeader, text, allowed: "a time such as 250ms, 10s or 2m, up to 1440m")
    }
    return time
  }

  private static let longestBatchTime = Duration.seconds(Batch.window)

  /// For whom the lines of a batch are performed that this request creates.
  func batchCaller() throws(APIError) -> BatchCaller {
    let base = service.imageBase(for: request)
    let scheme = base.hasPrefix("https://") ? "https" : "http"
    // The setting for the base of URLs applies to the lines too.
    let host = base.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" }
    return BatchCaller(key: key, session: try session(), profile: try profile().rawValue, scheme: scheme, host: String(host))
  }
}

extension APIError {
  fileprivate static func noBatches(of endpoint: String, supported: [String]) -> APIError {
    APIError(
      400,
      "Batches of '\(endpoint)' are not supported: this server is a mock of images. Supported endpoints are: "
        + "\(list(supported, conjunction: "and")).", param: "endpoint", code: "invalid_value")
  }

  /// [U]
  static func tooManyPairs(_ count: Int, maximum: Int) -> APIError {
    APIError(
      400, "Invalid 'metadata': too many properties. Expected an object with at most \(maximum) properties, but got \(count) instead.",
      param: "metadata", code: "object_above_max_properties")
  }

  /// [U]
  static func noSuchBatch(_ id: String) -> APIError { APIError(404, "No batch found with id '\(id)'.", param: "batch_id") }

  /// [U]
  static func cannotCancel(_ batch: Batch) -> APIError {
    APIError(409, "Cannot cancel a batch with status '\(batch.status.rawValue)'.")
  }
}
