import Answers
import FastCGI
import JSON
import ObjectStore
import SystemCalls

/// /v1/uploads, and what is below: files that come in parts.
enum ChunkedUploadsEndpoint {
  static let create: Route.Serve = { context throws(APIError) in
    let (shelf, body) = (context.service.chunkedUploads, try context.jsonBody())
    let upload = try ChunkedUpload(body, now: context.service.clock.now())
    return .render(
      Work {
        shelf.add(upload)
      } respond: { upload in
        .json(upload.json())
      })
  }

  static let addPart: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    let bytes = try UploadPart.bytes(context.readForm(), isStrict: context.profile().rules.isStrict)
    return .render(
      Work {
        service.chunkedUploads.addPart(bytes, to: id)
      } respond: { outcome throws(APIError) in
        let part = try outcome.orInvented(ObjectName.newID(UploadPart.prefix, digits: 32, now: service.clock.now()), service)
        return .json(UploadPart.json(part, of: id, created: service.seconds()))
      })
  }

  static let complete: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    let completion = try UploadCompletion(context.jsonBody())
    return .render(
      Work {
        service.chunkedUploads.complete(id, completion)
      } respond: { outcome throws(APIError) in
        let now = service.seconds()
        let invented = ChunkedUpload(inventedFor: id, .completed, now: now)
        let (upload, file) = try outcome.orInvented((invented, FileObject(inventedFor: invented.fileID, now: now)), service)
        return .json(upload.json(file))
      })
  }

  static let cancel: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    return .render(
      Work {
        service.chunkedUploads.cancel(id)
      } respond: { outcome throws(APIError) in
        .json(try outcome.orInvented(ChunkedUpload(inventedFor: id, .cancelled, now: service.seconds()), service).json())
      })
  }
}

extension APIService {
  fileprivate var chunkedUploads: ChunkedUploadShelf { ChunkedUploadShelf(objects: objects, clock: clock) }
}

extension Result where Failure == APIError {
  /// The value, or what stands for it if the upload does not exist and unknown IDs are invented.
  fileprivate func orInvented(_ invented: Success, _ service: APIService) throws(APIError) -> Success {
    do throws(APIError) { return try get() } catch {
      guard error.status == 404, service.configuration.inventsUnknownIDs else { throw error }
      return invented
    }
  }
}
