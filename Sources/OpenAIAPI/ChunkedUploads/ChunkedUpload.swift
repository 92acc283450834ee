import JSON
import ObjectStore
import SystemCalls

/// A file that is uploaded in parts: an object of the store, which changes once, when the upload is completed or cancelled.
struct ChunkedUpload: Sendable, Equatable {
  enum Status: String, Sendable {
    case pending, completed, cancelled
  }

  var id: String
  /// Bytes that the file will have.
  var bytes: Int
  /// Seconds since 1970.
  var created: Int
  var filename: String
  var purpose: String
  /// The media type that its sender declared, or that its name suggests.
  var mediaType: String
  /// Seconds for which the file is kept; nil: it stays.
  var fileLifetime: Int?
  var status = Status.pending

  static let prefix = "upload_"
  /// Of a whole file: as large as a form can have it, so that an ordinary file is what comes of it.
  static let mostBytes = 50 << 20
  static let mostParts = 1000
  /// Seconds in which an upload must be completed.
  static let life = 3600
  /// Seconds for which it is known that an upload is over.
  private static let memory = 86_400

  /// Seconds since 1970.
  var expires: Int { created + Self.life }

  /// When its parts expire, in nanoseconds since 1970.
  var endOfParts: Int64 { Int64(expires) * WallClock.nanosecondsPerSecond }

  /// When its object expires, in nanoseconds since 1970.
  var end: Int64 { Int64(created + Self.memory) * WallClock.nanosecondsPerSecond }

  /// The ID of the file. It follows from that of the upload, so that a second attempt to complete it makes no second file.
  var fileID: String { "file-" + id.dropFirst(Self.prefix.count) }

  /// The name of a part's bytes. Another upload's parts have other names.
  static func partName(_ part: String, of upload: String) -> ObjectName? { ObjectName(.part, partPrefix(of: upload) + part) }

  static func partPrefix(of upload: String) -> String { upload + "." }

  /// As the API returns it.
  ///
  /// - Parameter file: what has come of it, if it is completed.
  func json(_ file: FileObject? = nil) -> JSONText {
    [
      "id": .string(id), "object": "upload", "bytes": .integer(bytes), "created_at": .integer(created), "filename": .string(filename),
      "purpose": .string(purpose), "status": .string(status.rawValue), "expires_at": .integer(expires), "file": file?.json ?? .null,
    ]
  }
}

// MARK: As an object of the store

extension ChunkedUpload {
  var stored: [UInt8] {
    let members: [JSONMember] = [
      ("bytes", .integer(bytes)), ("created_at", .integer(created)), ("filename", .string(filename)), ("purpose", .string(purpose)),
      ("media_type", .string(mediaType)), ("file_lifetime", fileLifetime.map(JSONText.integer) ?? .null),
      ("status", .string(status.rawValue)),
    ]
    return JSONText.object(members).compactBytes
  }

  /// - Returns: nil if the bytes are not those of an upload.
  init?(id: String, stored: [UInt8]) {
    guard let members = (try? JSONValue(parsing: stored))?.object, let bytes = members["bytes"]?.integer,
      let created = members["created_at"]?.integer, let filename = members["filename"]?.text, let purpose = members["purpose"]?.text,
      let mediaType = members["media_type"]?.text, let status = members["status"]?.text.flatMap(Status.init)
    else { return nil }
    (self.id, self.bytes, self.created, self.filename, self.purpose) = (id, bytes, created, filename, purpose)
    (self.mediaType, self.status, fileLifetime) = (mediaType, status, members["file_lifetime"]?.integer)
  }
}
