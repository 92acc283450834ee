import JSON
import JSONSchema

/// What the text of a response must be: `text.format` of the request.
enum TextFormat: Sendable {
  case text
  /// Any object.
  case jsonObject
  /// What fits a schema, whose name errors mention.
  case jsonSchema(name: String, JSONSchema)

  /// - Parameter object: the request.
  init(_ object: JSONObject) throws(APIError) {
    guard let given = object.given("text")?.object?.given("format") else {
      self = .text
      return
    }
    guard let members = given.object else { throw .wrongType("text.format", expected: "an object", got: given.kind) }
    let format = JSONBody(members: members, path: "text.format.")
    switch try format.requiredChoice("type", of: ["text", "json_object", "json_schema"]) {
    case "json_object": self = .jsonObject
    case "json_schema":
      let name = try format.requiredString("name", longest: Self.longestName)
      guard name.utf8.allSatisfy(CallID.isAllowed) else { throw .badFormatName(name) }
      guard let schema = try format.object("schema") else { throw .missing("text.format.schema") }
      self = .jsonSchema(name: name, JSONSchema(.object(schema.members)))
    default: self = .text
    }
  }

  private static let longestName = 64

  /// The text of a message, or what it says instead.
  struct Message: Sendable, Equatable {
    var text: String
    /// Whether the text says why there is none of the wanted form.
    var isRefusal = false
  }

  /// The message that says something in this form. Its strings say it, as far as a schema lets them.
  func message(saying text: String) -> Message {
    switch self {
    case .text: return Message(text: text)
    case .jsonObject: return Message(text: JSONText.object([("text", .string(text))]).compact)
    case .jsonSchema(let name, let schema):
      do throws(SchemaProblem) {
        return Message(text: JSONText(try schema.sample(saying: text)).compact)
      } catch {
        return Message(text: "The mock fakeai-images cannot write JSON for the schema '\(name)': \(error).", isRefusal: true)
      }
    }
  }
}
