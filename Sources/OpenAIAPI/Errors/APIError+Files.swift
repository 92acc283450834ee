// Errors in files, in the IDs of files, and in uploads in parts.

extension APIError {
  /// The API's wording as others report it; param and code are [U].
  static func noSuchFile(_ id: String) -> APIError {
    APIError(404, "No such File object: \(id)", param: "id")
  }

  /// [U]
  static func unsupportedPurpose(_ purpose: String) -> APIError {
    .unsupportedValue("purpose", purpose, supported: FileUpload.purposes)
      .explained(suggestion(for: purpose, among: FileUpload.purposes))
  }
}

// MARK: Uploads in parts, all [U]

extension APIError {
  static func noSuchUpload(_ id: String) -> APIError { APIError(404, "No such Upload object: \(id)", param: "upload_id") }

  static func uploadIsOver(_ upload: ChunkedUpload) -> APIError {
    APIError(400, "The upload '\(upload.id)' is \(upload.status.rawValue) already.", param: "upload_id", code: "invalid_value")
  }

  static func uploadHasExpired(_ id: String) -> APIError {
    APIError(400, "The upload '\(id)' has expired. Create a new one.", param: "upload_id", code: "invalid_value")
  }

  /// Two requests ended the upload at the same time.
  static func uploadChanges(_ id: String) -> APIError {
    APIError(409, "The upload '\(id)' was completed or cancelled by another request meanwhile.", param: "upload_id")
  }

  static func tooManyParts(maximum: Int) -> APIError {
    APIError(400, "An upload has at most \(maximum) parts. Send larger ones.", code: "invalid_value")
  }

  static func partTooLarge(_ bytes: Int, of upload: ChunkedUpload) -> APIError {
    APIError(
      400, "Invalid 'data': the part has \(bytes) bytes, but the whole file has \(upload.bytes).", param: "data", code: "invalid_value")
  }

  static func noSuchPart(_ part: String, of upload: ChunkedUpload) -> APIError {
    APIError(
      400, "Invalid 'part_ids': the upload '\(upload.id)' has no part '\(part.prefix(80))'.", param: "part_ids", code: "invalid_value")
  }

  /// - Parameter orMore: whether there are parts that were not counted.
  static func wrongSize(_ bytes: Int, of upload: ChunkedUpload, orMore: Bool = false) -> APIError {
    APIError(
      400,
      "The parts have \(bytes) bytes\(orMore ? " or more" : ""), but the upload was created for \(upload.bytes).", param: "part_ids",
      code: "invalid_value")
  }

  static func wrongChecksum(_ digest: String) -> APIError {
    APIError(400, "Invalid 'md5': the file has the checksum '\(digest)'.", param: "md5", code: "invalid_value")
  }
}
