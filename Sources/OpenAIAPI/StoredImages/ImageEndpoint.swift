import Answers
import FastCGI
import ImageGeneration
import ImageStore
import Metrics
import SystemCalls

/// GET and HEAD /images/{id}.png, or .jpg, .webp, .gif or .svg: the file as it was stored.
enum ImageEndpoint {
  static let get: Route.Serve = { context throws(APIError) in
    guard context.service.configuration.drawsImages else { throw .imagesAreOff }
    guard let (id, format) = name(context.parameter) else { throw .imageNotFound }
    let end: Int64?
    do throws(SignatureRefusal) { end = try signedEnd(context) } catch {
      return .respond(error.response(now: context.service.clock.now()))
    }
    if let files = context.service.files, StoredFileResponse.isPossible(for: context) {
      let content: StoredContent?
      do throws(StoreError) { content = try files.content(of: id, upTo: StoredFileResponse.shortest) } catch { throw APIError(error) }
      switch content {
      case .file(let file): return .respond(try StoredFileResponse.response(file, id, format, until: end, context))
      case .image(let image): return .respond(try response(.success(image), id, format, until: end, context))
      case nil: throw .imageNotFound
      }
    }
    switch context.service.generator.store.image(for: id) {
    case .ready(let result): return .respond(try response(result, id, format, until: end, context))
    case .pending(let start): return .wait(pending(start, id, format, until: end, context))
    }
  }

  /// How long to wait for a store that does not answer at once.
  private static let patience = Duration.seconds(5)

  private static func pending(
    _ start: @escaping @Sendable (@escaping @Sendable (Result<StoredImage?, StoreError>) -> Void) -> Void, _ id: ImageID,
    _ format: ImageFormat, until end: Int64?, _ context: RequestContext
  ) -> PendingReply {
    PendingReply(until: .now + patience, onTimeout: { APIError(.unavailable("it does not answer")).response }) { complete in
      start { result in
        do throws(APIError) {
          complete(.respond(try response(result, id, format, until: end, context)))
        } catch {
          complete(.respond(error.response))
        }
      }
    }
  }

  private static func name(_ file: Substring) -> (ImageID, ImageFormat)? {
    guard let dot = file.utf8.index(file.startIndex, offsetBy: ImageID.length, limitedBy: file.endIndex), dot < file.endIndex,
      file.utf8[dot] == UInt8(ascii: "."), let id = ImageID(file[..<dot])
    else { return nil }
    // Short strings are compared as two words, parts of others letter by letter.
    let fileExtension = String(file[file.utf8.index(after: dot)...])
    guard let format = ImageFormat.allCases.first(where: { $0.fileExtension == fileExtension }) else { return nil }
    return (id, format)
  }

  private static func response(
    _ result: Result<StoredImage?, StoreError>, _ id: ImageID, _ format: ImageFormat, until end: Int64?, _ context: RequestContext
  ) throws(APIError) -> Response {
    let image: StoredImage?
    do throws(StoreError) { image = try result.get() } catch { throw APIError(error) }
    guard var image, image.format == format else { throw .imageNotFound }
    context.service.scoreboard.count(.served)
    if let end { image.expires = min(image.expires, end) }
    var response = response(image, id: id, to: context.request, now: context.service.clock.now())
    // nginx knows no signatures: from its cache, it would also serve the image to those who have none.
    if end != nil { response.add("X-Accel-Expires", "0") }
    return response
  }

  /// When the request's URL expires, in nanoseconds since 1970; nil if URLs are plain.
  private static func signedEnd(_ context: RequestContext) throws(SignatureRefusal) -> Int64? {
    try context.service.configuration.urlSigner?.expiry(
      of: context.request.query, file: context.parameter, now: context.service.clock.now())
  }

  private static func response(_ image: StoredImage, id: ImageID, to request: Request, now: Int64) -> Response {
    let name = id.description
    let tag = EntityTag(opaque: "\"\(name)\"")
    let validators = validators(tag, created: image.created)
    let lifetime = lifetime(until: image.expires, now: now)
    let conditions = request.isConditional ? Preconditions(tag: tag, modified: image.created, request: request, now: now) : nil
    switch conditions?.outcome ?? .proceed {
    case .notModified:
      return Response(
        status: 304, headers: [validators.tag, validators.modified, lifetime.cacheControl, lifetime.expires, openToAll])
    case .failed:
      var response = APIError.preconditionFailed.response
      for (name, value) in [validators.tag, validators.modified] { response.add(name, value) }
      return response
    case .proceed: break
    }
    var response = Response(headers: headers(name: name, image.format, validators, lifetime))
    let length = image.bytes.count
    switch conditions?.allowsRange ?? true ? range(request, length: length) : .whole {
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

  /// The headers that pages of other origins may read.
  static let exposedHeaders = "Content-Length, Content-Range, ETag, X-FakeAI-Worker"

  /// The headers of a response with the image.
  static func headers(name: String, _ format: ImageFormat, _ validators: Validators, _ lifetime: Lifetime) -> [Response.Header] {
    [
      ("Content-Type", format.mediaType), validators.tag, validators.modified, lifetime.cacheControl, lifetime.expires,
      ("Content-Disposition", "inline; filename=\"\(name).\(format.fileExtension)\""),
      ("Accept-Ranges", "bytes"),
      ("X-Content-Type-Options", "nosniff"),
      openToAll,
    ]
  }

  typealias Validators = (tag: Response.Header, modified: Response.Header)

  static func validators(_ tag: EntityTag, created: Int64) -> Validators {
    (("ETag", String(tag.opaque)), ("Last-Modified", UniversalTime.httpDate(created)))
  }

  typealias Lifetime = (cacheControl: Response.Header, expires: Response.Header)

  /// - Parameter expires: when the image, or its URL, expires, in nanoseconds since 1970.
  static func lifetime(until expires: Int64, now: Int64) -> Lifetime {
    let secondsLeft = max(0, (expires - now) / WallClock.nanosecondsPerSecond)
    return (
      ("Cache-Control", "public, max-age=\(secondsLeft), immutable"),
      // The same as a date, which remains correct when a cache serves the response later.
      ("Expires", UniversalTime.httpDate(expires))
    )
  }

  private static let openToAll: Response.Header = ("Cross-Origin-Resource-Policy", "cross-origin")

  private static func range(_ request: Request, length: Int) -> ByteRange {
    guard request.method == "GET", let header = request.header("Range") else { return .whole }
    return ByteRange(header, length: length)
  }
}
