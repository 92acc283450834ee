import Answers
import FastCGI
import JSON
import Simulation

/// POST /v1/moderations: classifies texts and images by a list of words, or as the fault `moderation` says.
enum ModerationsEndpoint {
  static let create: Route.Serve = { context throws(APIError) in
    let isLong = if case .whole(let bytes) = context.body { bytes.count > longestAtOnce } else { false }
    var request = try ModerationRequest(try context.jsonBody())
    let directive = try context.service.configuration.readsPromptDirectives ? request.takeDirective() : FaultSpec()
    let explicit = try ExplicitFaults(context.request, directive: directive)
    let subject = RuleSubject(route: context.path, key: context.key, model: request.model)
    return try context.after(context.verdict(on: subject)) { [request] context, verdict throws(APIError) in
      let plan = FaultPlan(context, explicit, verdict)
      // On this route, the fault is a finding instead of a refusal, at whichever stage it would block an image.
      let flagged = plan.fault == .moderation ? plan.moderation.categories : []
      context.plan = flagged.isEmpty ? plan.aimed(at: context.path) : plan
      if flagged.isEmpty, let refusal = context.plan.refusal(of: context) { return .respond(refusal) }
      guard isLong else { return .respond(.json(request.answer(flagging: flagged))) }
      return .render(Work { .json(request.answer(flagging: flagged)) })
    }
  }

  /// The bytes of the longest body that is classified on the loop's thread.
  private static let longestAtOnce = 64 << 10
}

/// What a request for a moderation contains.
struct ModerationRequest: Sendable {
  var model: String
  /// Each gets a result of its own.
  var inputs: [ModerationInput]

  static let usualModel = "omni-moderation-latest"

  init(_ body: JSONBody) throws(APIError) {
    model = try body.string("model", longest: 256) ?? Self.usualModel
    switch body["input"] {
    case nil: throw .missing("input")
    case .string(let text): inputs = [ModerationInput(text: text.text)]
    case .array(let elements) where elements.isEmpty: throw .emptyArray("input")
    case .array(let elements):
      if case .object = elements[0] {
        inputs = [try ModerationInput(parts: elements)]
      } else {
        inputs = try (body.strings("input") ?? []).map { ModerationInput(text: $0) }
      }
    case .some(let other): throw .wrongType("input", expected: "a string, an array of strings or an array of parts", got: other.kind)
    }
  }

  /// Removes the directives from all texts, and returns what the first one says.
  mutating func takeDirective() throws(APIError) -> FaultSpec {
    var spec = FaultSpec()
    for index in inputs.indices { spec = spec.filled(from: try PromptDirective.take(from: &inputs[index].text)) }
    return spec
  }

  func answer(flagging categories: [String]) -> JSONText {
    .object([
      ("id", .string("modr-" + APIService.randomHexadecimal())), ("model", .string(model)),
      ("results", .array(inputs.map { ModerationResult(of: $0, flagging: categories).json })),
    ])
  }
}

/// What is classified together.
struct ModerationInput: Sendable, Equatable {
  /// All texts, one in a line.
  var text: String
  var hasText = true
  var hasImage = false

  init(text: String) { self.text = text }

  /// - Parameter parts: `{"type": "text", "text": …}` and `{"type": "image_url", "image_url": {"url": …}}`. Images are not looked at.
  init(parts: [JSONValue]) throws(APIError) {
    var texts: [String] = []
    for (index, part) in parts.enumerated() {
      let name = "input[\(index)]"
      guard case .object(let members) = part else { throw .wrongType(name, expected: "an object", got: part.kind) }
      let part = JSONBody(members: members, path: name + ".")
      if try part.requiredChoice("type", of: ["text", "image_url"]) == "text" {
        guard let text = try part.string("text", longest: .max) else { throw .missing(name + ".text") }
        texts.append(text)
      } else {
        guard let image = try part.object("image_url") else { throw .missing(name + ".image_url") }
        // As long as an image, so it is not copied.
        guard case .string = image["url"] else { throw .missing(name + ".image_url.url") }
        hasImage = true
      }
    }
    text = texts.joined(separator: "\n")
    hasText = !texts.isEmpty
  }
}
