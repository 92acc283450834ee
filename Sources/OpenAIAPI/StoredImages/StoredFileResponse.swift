import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import SystemCalls

/// A response to GET /images/{id}.png whose body is a file: the whole of it, unchanged, at once. The kernel sends it for the worker.
/// The headers are those of any other response with an image.
enum StoredFileResponse {
  /// Of shorter files, a worker reads the bytes: they take less time than the additional system calls.
  static let shortest = 48 << 10

  /// Whether the response is the whole file, unchanged. A response that waits for its time must have its bytes, because each open file takes
  /// one of the worker's descriptors.
  static func isPossible(for context: RequestContext) -> Bool {
    let request = context.request
    return request.method == "GET" && context.plan.fault == nil && context.plan.due == nil && !request.isConditional
      && request.header("Range") == nil
  }

  /// - Parameter end: when the URL expires, in nanoseconds since 1970; nil if URLs are plain.
  static func response(
    _ file: StoredFile, _ id: ImageID, _ format: ImageFormat, until end: Int64?, _ context: RequestContext
  ) throws(APIError) -> Response {
    guard file.format == format else { throw .imageNotFound }
    context.service.scoreboard.count(.served)
    let name = id.description
    let validators = ImageEndpoint.validators(EntityTag(opaque: "\"\(name)\""), created: file.created)
    let lifetime = ImageEndpoint.lifetime(until: min(file.expires, end ?? .max), now: context.service.clock.now())
    var response = Response(headers: ImageEndpoint.headers(name: name, format, validators, lifetime))
    response.delivery = .ofFile(file.opened, length: file.length)
    return response
  }
}
