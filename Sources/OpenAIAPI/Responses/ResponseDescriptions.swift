import FastCGI
import JSON

// The routes of the Responses API, as /openapi.json describes them.
extension EndpointDescription {
  static let response = EndpointDescription(
    summary: "Makes a response, whose image tool draws the user's last message.",
    body: [(ImageOperation.json, .schema("CreateResponse"))],
    responses: [
      Success(
        status: 200, meaning: "The response, or with `stream` its events.",
        content: [(ImageOperation.json, .schema("Response")), (ImageStream.mediaType, .schema("ResponseEvent"))])
    ], errors: ofStored.union([415, 507]))
  static let inputTokens = EndpointDescription(
    summary: "Counts the tokens of an input.", body: [(ImageOperation.json, .schema("CreateResponse"))],
    responses: [ok("The number.", .schema("InputTokens"))], errors: [415])
  static let compaction = EndpointDescription(
    summary: "Compacts a conversation, for the input of its next turn.", body: [(ImageOperation.json, .schema("CreateResponse"))],
    responses: [ok("The user's messages, and an item for the rest.", .schema("Compaction"))], errors: [415, 507])
  static let storedResponse = EndpointDescription(
    summary: "Returns a stored response, or its events once more.",
    query: [
      .query("stream", ["type": "boolean"], "Whether to return the events."),
      .query("starting_after", ["type": "integer", "minimum": 0], "The number of the last event that is not returned."),
      .query("include_obfuscation", ["type": "boolean"], "Whether pieces of text are padded."),
    ],
    responses: [
      Success(
        status: 200, meaning: "The response, or its events.",
        content: [(ImageOperation.json, .schema("Response")), (ImageStream.mediaType, .schema("ResponseEvent"))])
    ], errors: ofStored)
  static let responseDeletion = EndpointDescription(
    summary: "Deletes a stored response.", responses: [ok("It was deleted.", .schema("DeletedResponse"))], errors: ofStored)
  static let responseCancellation = EndpointDescription(
    summary: "Cancels a background response.", responses: [ok("The response.", .schema("Response"))], errors: ofStored.union([409]))
  static let inputItems = EndpointDescription(
    summary: "Lists the input of a stored response.",
    query: [
      .query("limit", ["type": "integer", "minimum": 0, "maximum": 100], "How many items to return, 20 by default."),
      .query("order", ["enum": ["asc", "desc"]], "The order of the items, desc by default."),
      .query("after", ["type": "string"], "The ID of the item after which the page begins."),
      .query("before", ["type": "string"], "The ID of the item before which the page ends."),
    ], responses: [ok("The items.", .schema("InputItems"))], errors: ofStored)

  /// The errors of a response or an item that is not there.
  private static let ofStored: Set = [404]
}

extension OpenAPIDocument {
  /// The bodies of the Responses API, by name.
  static let responsesSchemas: [JSONMember] = [
    (
      "CreateResponse",
      object(
        [:],
        optional: [
          "model": string, "input": ["anyOf": [string, .array(of: ["type": "object"])]], "tools": .array(of: .schema("Tool")),
          "tool_choice": ["anyOf": [["enum": ["none", "auto", "required"]], ["type": "object"]]],
          "stream": ["type": ["boolean", "null"]], "store": ["type": ["boolean", "null"]], "background": ["type": ["boolean", "null"]],
          "previous_response_id": ["type": ["string", "null"]], "instructions": ["type": ["string", "null"]],
          "metadata": ["type": ["object", "null"], "maxProperties": 16, "additionalProperties": ["type": "string", "maxLength": 512]],
        ])
    ),
    (
      "Tool",
      object(
        ["type": string],
        optional: [
          "action": ["enum": .strings(ImageTool.Action.allCases.map(\.rawValue))],
          "partial_images": [
            "type": "integer", "minimum": .integer(AllowedValues.partialImages.lowerBound),
            "maximum": .integer(AllowedValues.partialImages.upperBound),
          ],
        ])
    ),
    (
      "Response",
      object([
        "id": string, "object": ["const": "response"], "created_at": integer,
        "status": ["enum": ["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]], "background": boolean,
        "error": ["type": ["object", "null"]], "model": string, "output": .array(of: ["type": "object"]),
        "usage": ["type": ["object", "null"]],
      ])
    ),
    (
      "Compaction",
      object([
        "id": string, "object": ["const": "response.compaction"], "created_at": integer, "output": .array(of: ["type": "object"]),
        "usage": ["type": "object"],
      ])
    ),
    ("ResponseEvent", object(["event": string, "data": ["type": "string", "contentMediaType": .string(ImageOperation.json)]])),
    ("DeletedResponse", object(["id": string, "object": ["const": "response"], "deleted": boolean])),
    ("InputTokens", object(["object": ["const": "response.input_tokens"], "input_tokens": integer])),
    (
      "InputItems",
      object([
        "object": ["const": "list"], "data": .array(of: ["type": "object"]), "first_id": ["type": ["string", "null"]],
        "last_id": ["type": ["string", "null"]], "has_more": boolean,
      ])
    ),
  ]
}
