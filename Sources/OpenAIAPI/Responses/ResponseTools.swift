import JSON

/// The tools of a request, and which of them the model may call. Only the image tool does anything; the others are accepted.
struct ResponseTools: Sendable {
  /// The image tool, if there is one and the choice allows it.
  private(set) var tool: ImageTool?
  private let tools: [JSONValue]
  private let imageIndex: Int?

  init(_ object: JSONObject, isStrict: Bool) throws(APIError) {
    switch object.given("tools") {
    case nil: tools = []
    case .array(let elements): tools = elements
    case .some(let other): throw .wrongType("tools", expected: "an array of objects", got: other.kind)
    }
    var found: ImageTool?
    for (index, tool) in tools.enumerated() {
      guard let members = tool.object else { throw .wrongType("tools[\(index)]", expected: "an object", got: tool.kind) }
      guard let type = members.given("type") else { throw .missing("tools[\(index)].type") }
      // Of several, the first one counts.
      guard type.text == ImageTool.type, found == nil else { continue }
      found = try ImageTool(members, index: index, isStrict: isStrict)
    }
    imageIndex = found?.index
    let isAllowed = try Self.allowsImages(object, types: tools.compactMap { $0.object?.given("type")?.text })
    tool = isAllowed ? found : nil
  }

  /// Whether `tool_choice` allows the image tool.
  ///
  /// - Parameter types: the types of the tools.
  private static func allowsImages(_ object: JSONObject, types: [String]) throws(APIError) -> Bool {
    switch object.given("tool_choice") {
    case nil: return true
    case .string(let choice):
      guard ["none", "auto", "required"].contains(choice.text) else {
        throw .unsupportedValue("tool_choice", choice.text, supported: ["none", "auto", "required"])
      }
      if choice == "required", types.isEmpty { throw .toolChoiceWithoutTools("required") }
      return choice != "none"
    case .object(let choice):
      guard choice.members.contains(where: { $0.value != .null }) else { return true }
      guard let type = choice.given("type")?.text else { throw .missing("tool_choice.type") }
      if type == "allowed_tools" {
        return choice.given("tools")?.elements?.contains { $0.object?.given("type")?.text == ImageTool.type } ?? false
      }
      if type == ImageTool.type, !types.contains(type) { throw .unknownToolChoice(type) }
      return type == ImageTool.type
    case .some(let other): throw .wrongType("tool_choice", expected: "one of a string or an object", got: other.kind)
    }
  }

  /// The tools as the response shows them.
  ///
  /// - Parameter deployment: Azure's name of the image model, which its responses show.
  func echo(deployment: String?) -> JSONText {
    .array(
      tools.enumerated().map { index, tool in
        index == imageIndex ? ImageTool.filled(tool, deployment: deployment) : JSONText(tool)
      })
  }
}
