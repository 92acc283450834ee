import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import SystemCalls

/// A response to GET /images/{id}.png whose body is a file: the whole of it, unchanged, at once. The kernel sends it for the worker, or nginx does.
/// The headers are those of any other response with an image.
///
/// nginx does not decide on conditions and ranges: it would compare its own entity tag. It keeps only some of a worker's headers; the
/// others are in nginx/fakeai-images-disk.conf.
enum StoredFileResponse {
  /// Of shorter files, a worker reads the bytes: they take less time than the additional system calls.
  static let shortest = 48 << 10
  /// Shorter files are sent by workers. nginx closes its connection to a worker that names a file, and a new one takes longer than to send that
  /// many bytes.
  static let shortestForServer = 512 << 10

  /// Whether the response is the whole file, unchanged. A response that waits for its time must have its bytes, because each open file takes
  /// one of the worker's descriptors.
  static func isPossible(for context: RequestContext) -> Bool {
    let request = context.request
    return request.method == "GET" && context.plan.fault == nil && context.plan.due == nil && !request.isConditional
      && request.header("Range") == nil
  }

  /// The CGI variable in which nginx names the location at which it has the files, with a slash at the end; empty or missing if it could not
  /// read the file, or if its configuration has no such location. A client cannot set it: its headers are called HTTP_….
  private static let variable = "FAKEAI_FILES"

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
    if file.length > shortestForServer, let location = context.request.variables[variable], !location.isEmpty {
      response.add("X-Accel-Redirect", location + file.name)
      response.delivery = .byServer(length: file.length)
    } else {
      response.delivery = .ofFile(file.opened, length: file.length)
    }
    return response
  }
}
