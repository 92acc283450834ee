import JSON
import Multipart
import ObjectStore
import SystemCalls

extension ChunkedUpload {
  /// - Parameters:
  ///   - body: of POST /v1/uploads.
  ///   - now: nanoseconds since 1970.
  init(_ body: JSONBody, now: Int64) throws(APIError) {
    guard let bytes = try body.integer("bytes", in: 0...Self.mostBytes) else { throw .missing("bytes") }
    let filename = try FileUpload.filename(try body.requiredString("filename"))
    let declared = try body.requiredString("mime_type", longest: Self.longestMediaType)
    guard let purpose = try body.string("purpose") else { throw .missing("purpose") }
    guard FileUpload.purposes.contains(purpose) else { throw .unsupportedPurpose(purpose) }
    id = ObjectName.newID(Self.prefix, digits: 32, now: now)
    created = Int(now / WallClock.nanosecondsPerSecond)
    (self.bytes, self.filename, self.purpose) = (bytes, filename, purpose)
    mediaType = FileMediaType.of(filename, declared: declared)
    fileLifetime = try body.lifetime("expires_after") ?? FileUpload.usualLifetime(for: purpose)
  }

  private static let longestMediaType = 255

  /// What stands for an upload that was never created.
  ///
  /// - Parameter now: seconds since 1970.
  init(inventedFor id: String, _ status: Status, now: Int) {
    (self.id, bytes, created, filename, purpose, self.status) = (id, 0, now, "file", "user_data", status)
    mediaType = FileObject.unknownMediaType
  }
}

/// The form of POST /v1/uploads/{upload}/parts.
enum UploadPart {
  static let prefix = "part_"

  /// The bytes of the part.
  static func bytes(_ form: MultipartForm, isStrict: Bool) throws(APIError) -> [UInt8] {
    let data = form.parts.filter { $0.name == "data" }
    if isStrict, let other = form.parts.first(where: { $0.name != "data" }) { throw .unknownParameter(other.name) }
    guard let part = data.first else { throw .missing("data") }
    guard data.count == 1 else { throw .duplicate("data") }
    guard part.isFile else { throw .wrongType("data", expected: "a file", got: "a string") }
    return Array(part.content)
  }

  /// As the API returns it.
  ///
  /// - Parameter created: seconds since 1970.
  static func json(_ id: String, of upload: String, created: Int) -> JSONText {
    ["id": .string(id), "object": "upload.part", "created_at": .integer(created), "upload_id": .string(upload)]
  }
}

/// The body of POST /v1/uploads/{upload}/complete.
struct UploadCompletion: Sendable {
  /// In the order of the file.
  var parts: [String]
  /// The hexadecimal MD5 that the file must have; nil: any.
  var md5: String?

  init(_ body: JSONBody) throws(APIError) {
    guard let parts = try body.strings("part_ids") else { throw .missing("part_ids") }
    guard parts.count <= ChunkedUpload.mostParts else { throw .tooManyParts(maximum: ChunkedUpload.mostParts) }
    self.parts = parts
    md5 = try body.string("md5")
  }
}
