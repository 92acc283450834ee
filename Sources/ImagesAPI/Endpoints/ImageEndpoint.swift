import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import SystemCalls

/// GET, HEAD and OPTIONS /images/{id}.png, or .jpg, .webp, .gif or .svg, as it was stored.
enum ImageEndpoint {
  static let get: Route.Endpoint = { service, request, file throws(APIError) in
    guard service.configuration.drawsImages else { throw .imagesAreOff }
    guard let (id, contentType) = name(file), let image = service.generator.store.image(for: id), image.contentType == contentType
    else { throw .imageNotFound }
    service.scoreboard.count(.served)
    return .now(response(image, id: id, to: request, now: service.clock.now()))
  }

  /// Answers a browser that asks before it sends a Range header from another origin.
  static let options: Route.Endpoint = { _, _, _ throws(APIError) in
    .now(
      Response(
        status: 204,
        headers: [
          ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
          ("Access-Control-Allow-Headers", "Range, If-None-Match, If-Range"), ("Access-Control-Max-Age", "86400"),
        ]))
  }

  private static func name(_ file: Substring) -> (ImageID, ContentType)? {
    guard let dot = file.utf8.firstIndex(of: UInt8(ascii: ".")), let id = ImageID(file[..<dot]),
      let contentType = ContentType.allCases.first(where: { $0.fileExtension == file[file.utf8.index(after: dot)...] })
    else { return nil }
    return (id, contentType)
  }

  private static func response(_ image: StoredImage, id: ImageID, to request: Request, now: Int64) -> Response {
    let name = id.description
    let tag = "\"\(name)\""
    var response = Response(headers: headers(image, name: name, tag: tag, now: now))
    if let wanted = request.header("If-None-Match"), matches(tag, wanted) {
      response.status = 304
      return response
    }
    let length = image.bytes.count
    switch range(request, tag: tag, length: length) {
    case .whole:
      response.body = image.bytes
    case .part(let range):
      response.status = 206
      response.add("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)")
      response.body = Array(image.bytes[range])
    case .unsatisfiable:
      response = APIError.unsatisfiableRange(length: length).response
      response.add("Content-Range", "bytes */\(length)")
    }
    return response
  }

  private static func headers(_ image: StoredImage, name: String, tag: String, now: Int64) -> [Response.Header] {
    let secondsLeft = max(0, (image.expires - now) / WallClock.nanosecondsPerSecond)
    return [
      ("Content-Type", image.contentType.mediaType),
      ("ETag", tag),
      ("Last-Modified", UniversalTime.httpDate(image.created)),
      ("Cache-Control", "public, max-age=\(secondsLeft), immutable"),
      // The same as a date, which is still right when a cache tells it later.
      ("Expires", UniversalTime.httpDate(image.expires)),
      ("Content-Disposition", "inline; filename=\"\(name).\(image.contentType.fileExtension)\""),
      ("Accept-Ranges", "bytes"),
      ("X-Content-Type-Options", "nosniff"),
      ("Access-Control-Allow-Origin", "*"),
      ("Access-Control-Expose-Headers", "Content-Length, Content-Range, ETag, X-FakeAI-Worker"),
      ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]
  }

  /// If-None-Match compares weakly, and `*` matches whatever there is (RFC 9110, section 13.1.2).
  private static func matches(_ tag: String, _ wanted: String) -> Bool {
    wanted.split(separator: ",").contains { candidate in
      let candidate = candidate.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      let text = String(candidate)
      return text == "*" || text == tag || text == "W/" + tag
    }
  }

  private static func range(_ request: Request, tag: String, length: Int) -> ByteRange {
    guard request.method == "GET", let header = request.header("Range") else { return .whole }
    if let condition = request.header("If-Range"), condition != tag { return .whole }
    return ByteRange(header, length: length)
  }
}
