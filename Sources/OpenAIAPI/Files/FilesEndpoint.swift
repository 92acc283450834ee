import Answers
import FastCGI
import JSON
import ObjectStore
import SystemCalls

/// /v1/files, and what is below.
enum FilesEndpoint {
  // MARK: - POST

  static let create: Route.Serve = { context throws(APIError) in
    let upload = try FileUpload(context.readForm(), isStrict: context.profile().rules.isStrict)
    let service = context.service
    return .render(
      Work {
        service.store(upload)
      } respond: { file in
        .json(file.json)
      })
  }

  // MARK: - GET

  static let list: Route.Serve = { context throws(APIError) in
    let query = try FileListQuery(context.request.queryItems)
    let shelf = context.service.fileShelf
    return .render(
      Work {
        shelf.ids().flatMap { ids in
          shelf.files(query.candidates(ids), atMost: query.limit + 1) { query.purpose == nil || $0.purpose == query.purpose }
        }
      } respond: { files in
        .json(.page(files.prefix(query.limit).map { ($0.id, $0.json) }, hasMore: files.count > query.limit))
      })
  }

  static let retrieve: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    return .render(
      Work {
        service.fileShelf.file(id)
      } respond: { file throws(APIError) in
        .json(try file.orInvented(id, service).json)
      })
  }

  static let content: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    return .render(
      Work {
        service.fileShelf.content(id)
      } respond: { found throws(APIError) in
        let file = try found.map(\.file).orInvented(id, service)
        return Response(
          headers: [("Content-Type", file.mediaType), ("Content-Disposition", disposition(file.filename))], body: found?.bytes ?? [])
      })
  }

  /// A browser should not show what somebody has uploaded as a page of this server (RFC 6266).
  private static func disposition(_ filename: String) -> String {
    let isPlain = filename.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    guard !isPlain else { return "attachment; filename=\"\(filename)\"" }
    let escaped = filename.utf8.map { byte in
      let isToken = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || [45, 46, 95].contains(byte)
      return isToken ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return "attachment; filename*=UTF-8''" + escaped.joined()
  }

  // MARK: - DELETE

  static let delete: Route.Serve = { context throws(APIError) in
    let (id, service) = (Route.decoded(context.parameter), context.service)
    return .render(
      Work {
        service.fileShelf.remove(id)
      } respond: { wasThere throws(APIError) in
        guard wasThere || service.configuration.inventsUnknownIDs else { throw .noSuchFile(id) }
        return .json(.object([("id", .string(id)), ("object", .string("file")), ("deleted", .boolean(true))]))
      })
  }
}

extension APIService {
  /// Stores what was uploaded.
  fileprivate func store(_ upload: FileUpload) -> ObjectAnswer<FileObject> {
    let file = FileObject(
      filename: upload.filename, purpose: upload.purpose, mediaType: upload.mediaType, bytes: upload.content.count,
      lifetime: upload.lifetime, now: clock.now())
    return fileShelf.add(file, Array(upload.content))
  }
}

extension FileObject? {
  /// The file, or the one that stands for it if unknown IDs are invented.
  fileprivate func orInvented(_ id: String, _ service: APIService) throws(APIError) -> FileObject {
    if let self { return self }
    guard service.configuration.inventsUnknownIDs else { throw .noSuchFile(id) }
    return FileObject(inventedFor: id, now: service.seconds())
  }
}
