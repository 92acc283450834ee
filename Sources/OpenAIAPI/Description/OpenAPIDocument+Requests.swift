import JSON

extension OpenAPIDocument {
  /// The bodies of requests for images, by name.
  static let requestSchemas: [JSONMember] =
    [ImageOperation.generation, .edit, .variation, .upscale].flatMap { operation in
      operation.mediaTypes.map { type in
        let isForm = type == ImageOperation.form
        return (operation.schemaName + (isForm ? "Form" : ""), body(operation, isForm: isForm)) as JSONMember
      }
    } + [
      (
        "ImageReference",
        [
          "type": "object", "description": "Exactly one of the two. A file id, or a URL that is not a data URL, is not fetched.",
          "properties": [
            "image_url": ["type": "string", "maxLength": .integer(InputImage.longestURL)], "file_id": ["type": "string"],
          ], "oneOf": [["required": ["image_url"]], ["required": ["file_id"]]], "additionalProperties": false,
        ]
      )
    ]

  private static func body(_ operation: ImageOperation, isForm: Bool) -> JSONText {
    let parameters = KnownParameter.all.filter { $0.operations.contains(operation) }
    let properties = parameters.compactMap { parameter in
      operation == .upscale
        ? (parameter.name, parameter.upscaleSchema(inForm: isForm)) as JSONMember
        : parameter.schema(inForm: isForm).map { (parameter.name, parameter.noted($0)) as JSONMember }
    }
    let required = [.variation, .upscale].contains(operation) ? [] : ["prompt"]
    return ["type": "object", "properties": .object(properties), "required": .strings(required + operation.inputs(inForm: isForm))]
  }
}

extension ImageOperation {
  /// The name of the body's schema in the document: `ImageEdit`.
  var schemaName: String { rawValue.split(separator: "_").map(\.capitalized).joined() }

  /// The required parameters that have the images.
  fileprivate func inputs(inForm: Bool) -> [String] { self == .generation ? [] : [inForm || self == .upscale ? "image" : "images"] }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

extension KnownParameter {
  /// The values of the parameter; nil if a body of that kind cannot have it.
  fileprivate func schema(inForm: Bool) -> JSONText? {
    let file: JSONText = ["type": "string", "format": "binary"]
    switch kind {
    case .prompt: return ["type": "string", "minLength": 1, "maxLength": .integer(ModelRules.mixed.longestPrompt)]
    case .text: return Self.orNull("string", inForm)
    case .boolean: return Self.orNull("boolean", inForm)
    case .model: return Self.orNull("string", inForm, [("examples", .strings(Model.known.map(\.id)))])
    case .integer(let range):
      return Self.orNull("integer", inForm, [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))])
    case .number(let range):
      return Self.orNull(
        "number", inForm, [("minimum", .integer(Int(range.lowerBound))), ("maximum", .integer(Int(range.upperBound)))])
    case .choice(let values): return ["enum": .array(values.map(JSONText.string) + (inForm ? [] : [.null]))]
    case .size:
      let named = SizeRule.any.named + ["auto", "1K", "2K", "4K"]
      return [
        "anyOf": [
          ["enum": .array(named.map(JSONText.string) + (inForm ? [] : [.null]))], ["type": "string", "pattern": .string(Self.sizePattern)],
        ], "description": .string(LenientSize.rule),
      ]
    case .svg: return ["type": inForm ? "object" : ["object", "null"], "properties": SVGRequest.properties, "required": ["model"]]
    case .file: return inForm ? file : .schema("ImageReference")
    case .files: return inForm ? ["anyOf": [file, ["type": "array", "items": file] + Self.countOfImages]] : nil
    case .references: return inForm ? nil : ["type": "array", "items": .schema("ImageReference")] + Self.countOfImages
    }
  }

  /// The values in an upscale, whose image is one, and whose size is any.
  fileprivate func upscaleSchema(inForm: Bool) -> JSONText {
    switch name {
    case "image":
      let file: JSONText = inForm ? ["type": "string", "format": "binary"] : .schema("ImageReference")
      return ["anyOf": [file, ["type": "string", "maxLength": .integer(InputImage.longestURL)]], "description": .string(Self.heldImage)]
    case "size": return Self.orNull("string", inForm, [("pattern", "^[1-9][0-9]{0,3}x[1-9][0-9]{0,3}$")])
    case "output_format": return ["enum": .array(AllowedValues.upscaleFormats.map(JSONText.string) + (inForm ? [] : [.null]))]
    default: return schema(inForm: inForm) ?? ["type": "null"]
    }
  }

  private static let heldImage =
    "A string is a data URL, the URL or the ID of an image that the server has stored, or the ID of a file. Other URLs are not fetched."

  /// Sides from 64 to 3840, or an aspect ratio.
  private static let sizePattern = {
    let side = "(6[4-9]|[7-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-7][0-9]{2}|38[0-3][0-9]|3840)"
    return "^(\(side)x\(side)|[1-9][0-9]?:[1-9][0-9]?)$"
  }()

  private static let countOfImages: [JSONMember] = [("minItems", 1), ("maxItems", .integer(ModelRules.mixed.inputImages))]

  /// JSON null means "not given"; a form has no null.
  private static func orNull(_ type: String, _ inForm: Bool, _ more: [JSONMember] = []) -> JSONText {
    .object([("type", inForm ? .string(type) : [.string(type), "null"])] + more)
  }

  /// The schema with a note about the models that know the parameter.
  fileprivate func noted(_ schema: JSONText) -> JSONText {
    guard families.count < 2 else { return schema }
    let remark = Self.remarks[name].map { "\($0) " } ?? ""
    let models = families == [.gpt] ? "GPT image models" : "DALL·E"
    let note =
      families.isEmpty
      ? "The mock's own: only the profile fakeai knows this parameter." : "In the strict profiles, only \(models) know this parameter."
    return schema + [("description", .string(remark + note))]
  }

  private static let remarks = [
    "frame_count": "Of a GIF. In the profile fakeai, a WebP with frame_count, frame_duration_ms or motion is animated, too.",
    "motion": "What moves in a GIF, or in a WebP, which it animates.",
    "pattern": "The pattern on the background, in any quality.",
  ]
}

extension SVGRequest {
  fileprivate static let properties: JSONText = {
    let effort: JSONText = ["enum": .array(AllowedValues.efforts.map(JSONText.string) + [.null])]
    return ["model": ["type": "string"], "reasoning": ["type": ["object", "null"], "properties": ["effort": effort]]]
  }()
}

/// An object with further members.
private func + (object: JSONText, more: [JSONMember]) -> JSONText {
  guard case .object(let members) = object else { return object }
  return .object(members + more)
}
