import JSON
import ObjectStore
import SystemCalls

/// What the API tells about a file. Its bytes are an object of their own, ``ObjectKind/content``, under the same ID.
struct FileObject: Sendable, Equatable {
  var id: String
  /// Bytes of the content.
  var bytes: Int
  /// Seconds since 1970.
  var created: Int
  /// Seconds since 1970; nil: the file stays.
  var expires: Int?
  var filename: String
  var purpose: String
  /// The media type that its sender declared, or that its name suggests.
  var mediaType: String

  /// - Parameters:
  ///   - lifetime: in seconds; nil: the file stays.
  ///   - now: nanoseconds since 1970.
  init(filename: String, purpose: String, mediaType: String, bytes: Int, lifetime: Int?, now: Int64) {
    id = ObjectName.newID(Self.prefix, digits: 32, now: now)
    created = Int(now / WallClock.nanosecondsPerSecond)
    expires = lifetime.map { [created] in created + $0 }
    (self.filename, self.purpose, self.mediaType, self.bytes) = (filename, purpose, mediaType, bytes)
  }

  /// What stands for a file that was never uploaded.
  ///
  /// - Parameter now: seconds since 1970.
  init(inventedFor id: String, now: Int) {
    (self.id, bytes, created, filename, purpose) = (id, 0, now, "file", "user_data")
    mediaType = Self.unknownMediaType
  }

  static let prefix = "file-"

  /// When an ID was made, in nanoseconds since 1970; nil for one that this server has not made.
  static func creation(of id: String) -> Int64? { id.hasPrefix(prefix) ? ObjectName.time(in: id.dropFirst(prefix.utf8.count)) : nil }

  static let unknownMediaType = "application/octet-stream"

  /// When its objects expire, in nanoseconds since 1970.
  var end: Int64 { expires.map { Int64($0) * WallClock.nanosecondsPerSecond } ?? WallClock.last }

  /// As the API returns it. `status` is deprecated, but clients wait until it is `processed`.
  var json: JSONText {
    .object([
      ("id", .string(id)), ("object", .string("file")), ("bytes", .integer(bytes)), ("created_at", .integer(created)),
      ("expires_at", expires.map(JSONText.integer) ?? .null), ("filename", .string(filename)), ("purpose", .string(purpose)),
      ("status", .string("processed")), ("status_details", .null),
    ])
  }
}

// MARK: As an object of the store

extension FileObject {
  var stored: [UInt8] {
    let members: [JSONMember] = [
      ("bytes", .integer(bytes)), ("created_at", .integer(created)), ("expires_at", expires.map(JSONText.integer) ?? .null),
      ("filename", .string(filename)), ("purpose", .string(purpose)), ("media_type", .string(mediaType)),
    ]
    return JSONText.object(members).compactBytes
  }

  /// - Returns: nil if the bytes are not those of a file.
  init?(id: String, stored: [UInt8]) {
    guard case .object(let members)? = try? JSONValue(parsing: stored), case .integer(let bytes)? = members["bytes"],
      case .integer(let created)? = members["created_at"], case .string(let filename)? = members["filename"],
      case .string(let purpose)? = members["purpose"], case .string(let mediaType)? = members["media_type"]
    else { return nil }
    (self.id, self.bytes, self.created) = (id, bytes, created)
    (self.filename, self.purpose, self.mediaType) = (filename.text, purpose.text, mediaType.text)
    if case .integer(let expires)? = members["expires_at"] { self.expires = expires }
  }
}
