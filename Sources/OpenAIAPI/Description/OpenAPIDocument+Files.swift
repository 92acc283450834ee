import JSON

extension OpenAPIDocument {
  /// The bodies of requests and responses about files, by name.
  static let fileSchemas: [JSONMember] = [
    (
      "NewFile",
      object(
        ["file": ["type": "string", "format": "binary"], "purpose": ["enum": .strings(FileUpload.purposes)]],
        optional: ["expires_after": FileUpload.expiry])
    ),
    (
      "File",
      object([
        "id": string, "object": ["const": "file"], "bytes": integer, "created_at": integer, "expires_at": ["type": ["integer", "null"]],
        "filename": string, "purpose": string, "status": ["const": "processed"], "status_details": ["type": "null"],
      ])
    ),
    ("DeletedFile", object(["id": string, "object": ["const": "file"], "deleted": boolean])),
  ]
}

extension FileUpload {
  /// As OpenAPI describes `expires_after`.
  static let expiry = OpenAPIDocument.object([
    "anchor": ["const": "created_at"],
    "seconds": ["type": "integer", "minimum": .integer(lifetimes.lowerBound), "maximum": .integer(lifetimes.upperBound)],
  ])
}

extension FileListQuery {
  static let description: [JSONText] = [
    .query("after", ["type": "string"], "The ID after which the page begins."),
    .query(
      "limit", ["type": "integer", "minimum": .integer(limits.lowerBound), "maximum": .integer(limits.upperBound)],
      "How many files to return, \(limits.upperBound) by default."),
    .query("order", ["enum": ["asc", "desc"]], "By the time of creation; `desc` by default."),
    .query("purpose", ["type": "string"], "The purpose that files must have."),
  ]
}
