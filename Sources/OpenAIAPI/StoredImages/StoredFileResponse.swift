import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import SystemCalls

/// A response to GET /images/{id}.png of which nginx sends the body: the whole of a large file, unchanged. The headers are those of any other response
/// with an image.
///
/// nginx does not decide on conditions and ranges: it would compare its own entity tag. It keeps only some of a worker's headers; the
/// others are in nginx/fakeai-images-disk.conf.
enum StoredFileResponse {
  /// Shorter files are sent by workers. nginx closes its connection to a worker that names a file, and a new one takes longer than to send that
  /// many bytes.
  static let shortest = 512 << 10

  /// The location at which nginx has the files; nil if a worker must send the bytes, because the response is not the whole file unchanged, or
  /// because nginx named no location: it could not read the file, or its configuration has none.
  static func location(for context: RequestContext) -> String? {
    let request = context.request
    guard request.method == "GET", context.plan.fault == nil, !request.isConditional, request.header("Range") == nil,
      let location = request.variables[variable], !location.isEmpty
    else {
      return nil
    }
    return location
  }

  /// The CGI variable in which nginx names that location. A client cannot set it: its headers are called HTTP_….
  private static let variable = "FAKEAI_FILES"

  /// - Parameters:
  ///   - location: ends with a slash.
  ///   - end: when the URL expires, in nanoseconds since 1970; nil if URLs are plain.
  static func response(
    _ file: StoredFile, at location: String, _ id: ImageID, _ format: ImageFormat, until end: Int64?, _ context: RequestContext
  ) throws(APIError) -> Response {
    guard file.format == format else { throw .imageNotFound }
    context.service.scoreboard.count(.served)
    let name = id.description
    let validators = ImageEndpoint.validators(EntityTag(opaque: "\"\(name)\""), created: file.created)
    let lifetime = ImageEndpoint.lifetime(until: min(file.expires, end ?? .max), now: context.service.clock.now())
    var response = Response(headers: ImageEndpoint.headers(name: name, format, validators, lifetime))
    response.add("X-Accel-Redirect", location + file.name)
    response.delivery = .byServer(length: file.length)
    return response
  }
}
