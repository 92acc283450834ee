import JSON

extension EndpointDescription {
  static let newBatch = EndpointDescription(
    summary: "Creates a batch of requests for images.", query: [batchTime], body: [(ImageOperation.json, .schema("BatchRequest"))],
    responses: [ok("The batch.", .schema("Batch"))], errors: [507])
  static let batches = EndpointDescription(
    summary: "Lists batches, the newest first.", query: ObjectPageQuery.description(),
    responses: [ok("The batches.", .page(of: .schema("Batch")))])
  static let batch = EndpointDescription(
    summary: "Returns a batch.", responses: [ok("The batch.", .schema("Batch"))], errors: [404])
  static let batchCancellation = EndpointDescription(
    summary: "Cancels a batch, which keeps what was done.", responses: [ok("The batch.", .schema("Batch"))], errors: [404, 409])

  private static let batchTime: JSONText = [
    "name": .string(RequestContext.batchTimeHeader), "in": "header", "schema": ["type": "string", "examples": ["10s"]],
    "description": "The time from the creation of the batch to its completion.",
  ]
}

extension OpenAPIDocument {
  /// The bodies of batches, by name.
  static let batchSchemas: [JSONMember] = [
    (
      "BatchRequest",
      object(
        [
          "input_file_id": ["type": "string", "minLength": 1, "maxLength": 128], "endpoint": ["enum": .strings(BatchRequest.endpoints)],
          "completion_window": ["const": .string(Batch.completionWindow)],
        ],
        optional: [
          "metadata": [
            "type": ["object", "null"], "maxProperties": 16, "propertyNames": ["maxLength": 64],
            "additionalProperties": ["type": "string", "maxLength": 512],
          ],
          "output_expires_after": [
            "type": ["object", "null"], "required": ["anchor", "seconds"],
            "properties": [
              "anchor": ["const": "created_at"], "seconds": ["type": "integer", "minimum": 3600, "maximum": 2_592_000],
            ],
          ],
        ])
    ),
    (
      "Batch",
      object(
        [
          "id": string, "object": ["const": "batch"], "endpoint": string, "model": orNull("string"), "errors": orNull("object"),
          "input_file_id": string, "completion_window": string, "status": ["enum": .strings(Batch.Status.allCases.map(\.rawValue))],
          "output_file_id": orNull("string"), "error_file_id": orNull("string"), "created_at": integer,
          "request_counts": object(["total": integer, "completed": integer, "failed": integer]), "usage": orNull("object"),
          "metadata": orNull("object"),
        ], optional: .object(Batch.Moment.allCases.map { ($0.rawValue, orNull("integer")) }))
    ),
  ]

  static func orNull(_ type: String) -> JSONText { ["type": [.string(type), "null"]] }
}

extension JSONText {
  /// A page of a list.
  static func page(of items: JSONText) -> JSONText {
    OpenAPIDocument.object([
      "object": ["const": "list"], "data": .array(of: items), "first_id": OpenAPIDocument.orNull("string"),
      "last_id": OpenAPIDocument.orNull("string"), "has_more": OpenAPIDocument.boolean,
    ])
  }
}
