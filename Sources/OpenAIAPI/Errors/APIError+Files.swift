// Errors in files, and in the IDs of files.

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
