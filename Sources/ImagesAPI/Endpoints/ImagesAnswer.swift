import Drawing
import FastCGI
import ImageGeneration
import JSON

/// The answer with images, in the shape that the model's era has.
struct ImagesAnswer: Sendable {
  var request: ImageRequest
  /// Seconds since 1970.
  var created: Int
  var images: [ImageEntry]

  var response: Response { .json(.object(request.rules.family == .gpt ? gptMembers : dallEMembers)) }

  private var dallEMembers: [JSONMember] { [("created", .integer(created)), data] }

  private var gptMembers: [JSONMember] {
    [("created", .integer(created)), ("background", request.answeredBackground), data]
      + [("output_format", .string(request.output.name)), ("quality", .string(request.quality.answered))]
      + request.answeredSafetyIdentifier + [("size", .string(request.size.description))]
      + (request.svg.map { [("svg_usage", SVGUsage($0, request).json)] } ?? [])
      + [("usage", ImageUsage(request).json(withOutputDetails: true))]
  }

  private var data: JSONMember {
    let revised = request.rules.revisesPrompts ? request.prompt : nil
    return ("data", .array(images.map { $0.json(revisedPrompt: revised) }))
  }
}

extension ImageRequest {
  /// `auto` comes out as what was drawn.
  var answeredBackground: JSONText { .string(hasAlpha ? "transparent" : "opaque") }

  var answeredSafetyIdentifier: [JSONMember] { safetyIdentifier.map { [("safety_identifier", .string($0))] } ?? [] }
}
