import JSON

extension EndpointDescription {
  static let newUpload = EndpointDescription(
    summary: "Begins the upload of a file in parts.", body: [(ImageOperation.json, .schema("NewUpload"))],
    responses: [ok("The upload.", .schema("Upload"))], errors: [507])
  static let newUploadPart = EndpointDescription(
    summary: "Stores a part of a file.", body: [(ImageOperation.form, .schema("NewUploadPart"))],
    responses: [ok("The part.", .schema("UploadPart"))], errors: [404, 415, 507])
  static let uploadCompletion = EndpointDescription(
    summary: "Makes a file of the parts of an upload.", body: [(ImageOperation.json, .schema("UploadCompletion"))],
    responses: [ok("The upload, with the file.", .schema("Upload"))], errors: [404, 409, 507])
  static let uploadCancellation = EndpointDescription(
    summary: "Cancels an upload, and removes its parts.", responses: [ok("The upload.", .schema("Upload"))], errors: [404, 409])
}

extension OpenAPIDocument {
  /// The bodies of uploads in parts, by name.
  static let uploadSchemas: [JSONMember] = [
    (
      "NewUpload",
      object(
        [
          "bytes": ["type": "integer", "minimum": 0, "maximum": .integer(ChunkedUpload.mostBytes)],
          "filename": ["type": "string", "minLength": 1], "mime_type": ["type": "string", "minLength": 1],
          "purpose": ["enum": .strings(FileUpload.purposes)],
        ], optional: ["expires_after": FileUpload.expiry])
    ),
    ("NewUploadPart", object(["data": ["type": "string", "format": "binary"]])),
    ("UploadPart", object(["id": string, "object": ["const": "upload.part"], "created_at": integer, "upload_id": string])),
    (
      "UploadCompletion",
      object(
        ["part_ids": ["type": "array", "items": string, "maxItems": .integer(ChunkedUpload.mostParts)]],
        optional: ["md5": ["type": ["string", "null"]]])
    ),
    (
      "Upload",
      object([
        "id": string, "object": ["const": "upload"], "bytes": integer, "created_at": integer, "filename": string, "purpose": string,
        "status": ["enum": ["pending", "completed", "cancelled"]], "expires_at": integer,
        "file": ["anyOf": [.schema("File"), ["type": "null"]]],
      ])
    ),
  ]
}
