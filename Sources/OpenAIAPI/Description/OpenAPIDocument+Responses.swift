import ImageStore
import JSON
import Limits
import Simulation

extension OpenAPIDocument {
  /// The bodies of responses, by name.
  static let responseSchemas: [JSONMember] = [
    (
      "ImagesResponse",
      object(
        ["created": integer, "data": .array(of: .schema("Image"))],
        optional: [
          "background": ["enum": .strings(AllowedValues.backgrounds.filter { $0 != "auto" })],
          "output_format": ["enum": .strings(OutputFormat.all.map(\.name))],
          "quality": ["enum": .strings(Set(QualityLevel.all.map(\.answered)).sorted())],
          "safety_identifier": string, "size": ["type": "string", "pattern": "^[0-9]+x[0-9]+$"],
          "svg_usage": ["type": "object"], "usage": .schema("Usage"),
        ])
    ),
    ("ImageEvent", event),
    ("Image", object([:], optional: ["url": string, "b64_json": ["type": ["string", "null"]], "revised_prompt": string])),
    (
      "Usage",
      object(
        [
          "input_tokens": integer, "input_tokens_details": .schema("TokenDetails"), "output_tokens": integer, "total_tokens": integer,
        ], optional: ["output_tokens_details": .schema("TokenDetails")])
    ),
    ("TokenDetails", object(["image_tokens": integer, "text_tokens": integer])),
    (
      "Operation",
      object(
        ["id": string, "status": ["enum": ["notRunning", "running", "succeeded"]]],
        optional: [
          "created": integer, "expires": integer,
          "result": object(["created": integer, "data": .array(of: object(["url": string]))]),
        ])
    ),
    (
      "Model",
      object([
        "id": string, "object": ["const": "model"], "created": integer, "owned_by": string,
        "shutdown_date": ["type": ["string", "null"], "format": "date"],
      ])
    ),
    ("DeletedModel", object(["id": string, "object": ["const": "model"], "deleted": boolean])),
    (
      "Error",
      object([
        "error": object(
          ["message": string, "type": string, "param": ["type": ["string", "null"]], "code": ["type": ["string", "null"]]],
          optional: [
            "moderation_details": object([
              "moderation_stage": ["enum": .strings(Moderation.Stage.allCases.map(\.rawValue))],
              "categories": .array(of: ["enum": .strings(Moderation.allCategories)]),
            ])
          ])
      ])
    ),
    ("Health", object(["status": ["enum": ["ok", "ready"]]])),
    ("Route", object(["method": string, "path": string, "description": string])),
    ("Fault", object(["name": ["enum": .strings(Fault.allCases.map(\.rawValue))], "kind": string, "meaning": string])),
    ("JournalPage", object(["requests": .array(of: .schema("RecordedRequest")), "oldest": integer, "next": integer, "dropped": integer])),
    ("RecordedRequest", object(["sequence": integer, "time": string, "method": string, "path": string, "status": integer])),
    (
      "PoolEvent",
      object([
        "event": ["enum": ["request", "gap", "figures"]],
        "data": [
          "type": "string", "contentMediaType": .string(ImageOperation.json),
          "contentSchema": ["anyOf": [.schema("RecordedRequest"), .schema("Gap"), .schema("Figures")]],
        ],
      ])
    ),
    ("Figures", figures),
    ("KeyLimits", keyLimits),
    ("Limit", object(["limit": integer, "remaining": integer, "reset_seconds": ["type": "number"], "shared": boolean])),
    ("Gap", object(["from": integer, "to": integer])),
    ("Cleared", object(["cleared": boolean])),
    ("Reset", object(["session": string, "requests": integer, "rules": integer, "sessions": integer, "rate_limits": integer])),
    (
      "Statistics",
      object([
        "total_images": integer, "total_size_bytes": integer, "total_size_mb": ["type": "number"], "retention_hours": ["type": "number"],
        "backend": string, "store": ["type": "object"], "pool": ["type": "object"], "workers": .array(of: ["type": "object"]),
      ])
    ),
  ]

  private static let figures: JSONText = [
    "allOf": [
      .schema("Statistics"),
      object([
        "time": ["type": "number"], "rules": .array(of: object(["rule": string, "struck": integer])),
        "limits": ["anyOf": [.array(of: .schema("KeyLimits")), ["type": "null"]]],
      ]),
    ]
  ]

  private static let keyLimits: JSONText = {
    let text: JSONText = ["type": ["string", "null"]]
    let limit: JSONText = ["anyOf": [.schema("Limit"), ["type": "null"]]]
    return object([
      "number": integer, "key": text, "state": ["enum": .strings(KeyState.allCases.map(\.rawValue))], "session": text, "profile": text,
      "requests": limit, "images": limit,
    ])
  }()

  private static let event: JSONText = {
    let data = object(
      ["type": ["enum": .strings(events)]],
      optional: [
        "b64_json": ["type": ["string", "null"]], "partial_image_index": integer, "created_at": integer, "size": string,
        "quality": string, "background": string, "output_format": string, "safety_identifier": string, "usage": .schema("Usage"),
        "error": ["type": "object"],
      ])
    let text: JSONText = ["type": "string", "contentMediaType": .string(ImageOperation.json), "contentSchema": data]
    return object(["event": ["enum": .strings(events)], "data": text])
  }()

  /// The types of a stream's events.
  private static let events =
    [ImageOperation.generation, .edit].flatMap { ["\($0.rawValue).partial_image", "\($0.rawValue).completed"] } + ["error"]

  static let string: JSONText = ["type": "string"]
  static let integer: JSONText = ["type": "integer"]
  static let boolean: JSONText = ["type": "boolean"]

  /// An object that has the first members, and may have the others.
  static func object(_ members: JSONText, optional: JSONText = [:]) -> JSONText {
    guard case .object(let required) = members, case .object(let others) = optional else { return ["type": "object"] }
    return ["type": "object", "required": .strings(required.map(\.key)), "properties": .object(required + others)]
  }
}

extension JSONText {
  static func array(of items: JSONText) -> JSONText { ["type": "array", "items": items] }

  /// OpenAI's form of a list.
  static func list(of items: JSONText) -> JSONText {
    [
      "type": "object", "required": ["object", "data"],
      "properties": ["object": ["const": "list"], "data": ["type": "array", "items": items]],
    ]
  }
}
