import JSON
import Simulation

extension EndpointDescription {
  static let moderation = EndpointDescription(
    summary: "Classifies texts and images, by a list of words.", body: [(ImageOperation.json, .schema("ModerationRequest"))],
    responses: [ok("What was found.", .schema("Moderation"))])
}

extension OpenAPIDocument {
  /// The bodies of moderations, by name.
  static let moderationSchemas: [JSONMember] = [
    (
      "ModerationRequest",
      object(
        [
          "input": [
            "anyOf": [
              string, ["type": "array", "minItems": 1, "items": string],
              ["type": "array", "minItems": 1, "items": ["anyOf": [moderatedText, moderatedImage]]],
            ]
          ]
        ], optional: ["model": ["type": ["string", "null"], "maxLength": 256, "examples": [.string(ModerationRequest.usualModel)]]])
    ),
    ("Moderation", object(["id": string, "model": string, "results": .array(of: .schema("ModerationResult"))])),
    (
      "ModerationResult",
      object([
        "flagged": boolean, "categories": perCategory(boolean), "category_scores": perCategory(["type": "number"]),
        "category_applied_input_types": perCategory(.array(of: ["enum": ["text", "image"]])),
      ])
    ),
  ]

  private static let moderatedText = object(["type": ["const": "text"], "text": string])
  private static let moderatedImage = object(["type": ["const": "image_url"], "image_url": object(["url": string])])

  private static func perCategory(_ schema: JSONText) -> JSONText { object(.object(Moderation.allCategories.map { ($0, schema) })) }
}
