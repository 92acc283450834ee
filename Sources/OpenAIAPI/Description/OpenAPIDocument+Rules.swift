import JSON
import Simulation

extension OpenAPIDocument {
  /// The document of rules, which is both a request's and a response's body.
  static let ruleSchemas: [JSONMember] = [
    ("Rules", ["type": "array", "maxItems": .integer(RuleDocument.mostRules), "items": .schema("Rule")]),
    (
      "Rule",
      closed(
        ["then": ["anyOf": [.schema("Behavior"), ["type": "array", "minItems": 1, "maxItems": 1000, "items": .schema("Behavior")]]]],
        optional: [
          "name": ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[ -~]+$"],
          "match": closed([:], optional: ["route": text, "model": text, "size": text, "key": text, "prompt": text]),
          "when": .schema("When"),
        ])
    ),
    (
      "When",
      [
        "description": "Which of the matching requests the behavior applies to. With `sequence`, `then` is a list.",
        "oneOf": [
          closed(["every": count]), closed(["first": count]),
          closed(["probability": ["type": "number", "minimum": 0, "maximum": 1]], optional: ["seed": ["type": "integer", "minimum": 0]]),
          closed(["sequence": ["enum": ["once", "repeat"]]]),
        ],
      ]
    ),
    (
      "Behavior",
      closed(
        [:],
        optional: [
          "fault": ["enum": .strings(["none"] + Fault.allCases.map(\.rawValue))],
          "latency": ["type": "string", "description": .string("Allowed: \(Latency.allowed).")],
          "retry_after": ["type": "string", "examples": ["250ms", "2s"]],
          "bytes": ["anyOf": [["type": "integer", "minimum": 1], ["type": "string", "pattern": "^[0-9]{1,9}[KM]?$"]]],
          "calls": ["type": "integer", "minimum": 0, "maximum": .integer(FaultSpec.mostCalls.upperBound)],
          "picture": [
            "description": "Files of the directory of pictures, which the images show by turns; none: the images are drawn.",
            "anyOf": [
              pictureName,
              ["type": "array", "minItems": 1, "maxItems": .integer(PictureChoice.mostFiles), "items": pictureName],
            ],
          ],
          "template": [
            "type": "string", "minLength": 1, "maxLength": .integer(TemplateChoice.longestName),
            "description": "The template by which images are drawn; none: the usual layout.",
          ],
          "stage": ["enum": .strings(Moderation.Stage.allCases.map(\.rawValue))],
          "categories": ["type": "array", "minItems": 1, "items": ["enum": .strings(Moderation.allCategories)]],
          "image": [
            "type": "integer", "minimum": .integer(Moderation.images.lowerBound), "maximum": .integer(Moderation.images.upperBound),
          ],
        ])
    ),
  ]

  private static let text: JSONText = ["type": "string", "minLength": 1, "maxLength": 1000]
  private static let pictureName: JSONText = ["type": "string", "minLength": 1, "maxLength": 255]
  private static let count: JSONText = ["type": "integer", "minimum": 1, "maximum": 1_000_000_000]

  /// An object without further members: a misspelt one is an error.
  private static func closed(_ members: JSONText, optional: JSONText = [:]) -> JSONText {
    guard case .object(let schema) = object(members, optional: optional) else { return ["type": "object"] }
    return .object(schema + [("additionalProperties", false)])
  }
}
