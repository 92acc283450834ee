import JSON

/// The `input` of a request: what a conversation says in this turn.
struct ConversationInput: Sendable {
  /// The text of the user's last message that has one.
  var prompt = ""
  /// The pictures of the user's last messages, up to what the assistant said before: some clients send text and picture as two messages.
  private(set) var given: [ConversationPicture] = []
  /// Whether the assistant has said something since the user's last message.
  private var isAnswered = false
  /// All pictures, in order.
  private(set) var pictures: [ConversationPicture] = []
  /// The items as they can be listed later: with IDs, but without the pictures' bytes.
  private(set) var items: [[JSONMember]] = []
  /// Tokens that it costs.
  var tokens = 0

  private let isStrict: Bool

  /// - Parameter input: a text, or a list of items.
  init(_ input: JSONValue, isStrict: Bool) throws(APIError) {
    self.isStrict = isStrict
    switch input {
    case .string(let text): addMessage(role: "user", [Part(text: text.text)], [:])
    case .array(let elements):
      for (index, element) in elements.enumerated() { try add(element, "input[\(index)]") }
    default: throw .wrongType("input", expected: "one of an array of input items or a string", got: input.kind)
    }
  }

  private mutating func add(_ element: JSONValue, _ name: String) throws(APIError) {
    guard let item = element.object else { throw .wrongType(name, expected: "an object", got: element.kind) }
    let type = item.given("type")
    if let type, type.text == nil { throw .wrongType("\(name).type", expected: "a string", got: type.kind) }
    switch type?.text {
    case "message"?: try addMessage(item, name)
    case nil where item.given("role") != nil: try addMessage(item, name)
    case nil: throw .missing("\(name).type")
    case "image_generation_call"?: try addCall(item, name)
    case "item_reference"?: try addReference(item, name)
    case "compaction"?: try addCompaction(item, name)
    case "function_call_output"?, "custom_tool_call_output"?: try addToolResult(item, name)
    case let other? where Self.otherTypes.contains(other) || !isStrict: addOther(item)
    case let other?: throw .unsupportedValue("\(name).type", other, supported: Self.ownTypes + Self.otherTypes)
    }
  }

  private static let ownTypes = [
    "message", "image_generation_call", "item_reference", "compaction", "function_call_output", "custom_tool_call_output",
  ]

  /// The types of items that mean nothing to a mock of images.
  private static let otherTypes = [
    "reasoning", "function_call", "custom_tool_call", "file_search_call", "web_search_call", "computer_call", "computer_call_output",
    "code_interpreter_call", "local_shell_call", "local_shell_call_output", "shell_call", "shell_call_output", "apply_patch_call",
    "apply_patch_call_output", "mcp_list_tools", "mcp_approval_request", "mcp_approval_response", "mcp_call",
  ]
}

// MARK: Messages

extension ConversationInput {
  /// A part of a message.
  private struct Part {
    var text: String?
    var picture: ConversationPicture?
    var json: JSONText

    init(text: String, isOutput: Bool = false) {
      self.text = text
      json =
        isOutput
        ? ["type": "output_text", "annotations": [], "logprobs": [], "text": .string(text)] : ["type": "input_text", "text": .string(text)]
    }

    init(picture: ConversationPicture, detail: JSONText) {
      self.picture = picture
      let file: JSONText = if case .file(let id) = picture { .string(id) } else { .null }
      json = ["type": "input_image", "detail": detail, "file_id": file, "image_url": .null]
    }

    init(other json: JSONText) { self.json = json }
  }

  private static let roles = ["assistant", "system", "developer", "user"]

  private mutating func addMessage(_ item: JSONObject, _ name: String) throws(APIError) {
    guard let given = item.given("role") else { throw .missing("\(name).role") }
    guard let role = given.text, Self.roles.contains(role) else {
      throw .unsupportedValue("\(name).role", given.text ?? JSONText(given).compact, supported: Self.roles)
    }
    let parts: [Part]
    switch item.given("content") {
    case nil: throw .missing("\(name).content")
    case .string(let text): parts = [Part(text: text.text, isOutput: role == "assistant")]
    case .array(let elements):
      parts = try elements.enumerated().map { index, part throws(APIError) in try self.part(part, "\(name).content[\(index)]", of: role) }
    case .some(let other): throw .wrongType("\(name).content", expected: "one of an array of objects or a string", got: other.kind)
    }
    let id = item.given("id")?.text
    addMessage(role: role, parts, id.map { ["id": .string($0)] } ?? [:])
  }

  private func part(_ value: JSONValue, _ name: String, of role: String) throws(APIError) -> Part {
    guard let part = value.object else { throw .wrongType(name, expected: "an object", got: value.kind) }
    switch part.given("type")?.text {
    case nil: throw .missing("\(name).type")
    case "input_text"?, "output_text"?, "text"?:
      guard let text = part.given("text") else { throw .missing("\(name).text") }
      guard case .string(let string) = text else { throw .wrongType("\(name).text", expected: "a string", got: text.kind) }
      return Part(text: string.text, isOutput: role == "assistant")
    // The API's types have no picture in an assistant's message. A client that sends one means it.
    case "input_image"?:
      let picture = try ConversationPicture(part: part, name, isStrict: isStrict)
      return Part(picture: picture, detail: part.given("detail").map(JSONText.init) ?? "auto")
    case let type? where Self.otherParts.contains(type) || !isStrict: return Part(other: ["type": .string(type)])
    case let type?:
      throw .unsupportedValue("\(name).type", type, supported: ["input_text", "input_image", "output_text"] + Self.otherParts)
    }
  }

  private static let otherParts = ["refusal", "input_file", "input_audio", "computer_screenshot", "summary_text", "reasoning_text"]

  private mutating func addMessage(role: String, _ parts: [Part], _ id: [String: JSONText]) {
    let (texts, images) = (parts.compactMap(\.text), parts.compactMap(\.picture))
    if role == "user" {
      if isAnswered { given = [] }
      isAnswered = false
      // Some clients send a message twice.
      given += images.filter { !given.contains($0) }
      if !texts.isEmpty { prompt = texts.joined(separator: "\n") }
    } else if role == "assistant" {
      isAnswered = true
    }
    pictures += images
    tokens += TokenRule.tokens(texts.joined(separator: "\n")) + TokenRule.inputImage * images.count
    items.append(
      id.map { ($0.key, $0.value) } + [
        ("type", "message"), ("status", "completed"), ("content", .array(parts.map(\.json))), ("role", .string(role)),
      ])
  }
}

// MARK: Other items

extension ConversationInput {
  /// An earlier image call: with its result, or with its ID alone.
  private mutating func addCall(_ item: JSONObject, _ name: String) throws(APIError) {
    guard let given = item.given("id") else { throw .missing("\(name).id") }
    guard let id = given.text else { throw .wrongType("\(name).id", expected: "a string", got: given.kind) }
    let result = item.given("result")
    if case .string(let text)? = result, !text.isEmpty {
      add(DataURL(text.utf8).map(ConversationPicture.inline) ?? .inline(DataURL(base64: text.utf8)))
    } else if let result, result.text == nil {
      throw .wrongType("\(name).result", expected: "a string", got: result.kind)
    } else if item.given("status")?.text != "failed" {
      add(.call(id))
    }
    items.append([
      ("id", .string(id)), ("type", "image_generation_call"), ("status", item.given("status").map(JSONText.init) ?? "completed"),
      ("result", .null),
    ])
  }

  private mutating func addReference(_ item: JSONObject, _ name: String) throws(APIError) {
    guard let id = item.given("id")?.text else { throw .missing("\(name).id") }
    if id.hasPrefix(CallID.prefix) { add(.call(id)) }
    items.append([("id", .string(id)), ("type", "item_reference")])
  }

  /// The result of a function, which may have pictures.
  private mutating func addToolResult(_ item: JSONObject, _ name: String) throws(APIError) {
    for (index, element) in (item.given("output")?.elements ?? []).enumerated() {
      guard let part = element.object, part.given("type")?.text == "input_image" else { continue }
      add(try ConversationPicture(part: part, "\(name).output[\(index)]", isStrict: isStrict))
    }
    addOther(item)
  }

  /// A conversation that was compacted. What another server has encrypted means nothing here.
  private mutating func addCompaction(_ item: JSONObject, _ name: String) throws(APIError) {
    guard let given = item.given("encrypted_content") else { throw .missing("\(name).encrypted_content") }
    guard let content = given.text else { throw .wrongType("\(name).encrypted_content", expected: "a string", got: given.kind) }
    let compaction = Compaction(content: content)
    if compaction == nil, isStrict { throw .foreignCompaction("\(name).encrypted_content") }
    isAnswered = true
    pictures += compaction?.pictures.map(ConversationPicture.init(reference:)) ?? []
    tokens += TokenRule.tokens(content)
    addOther(item)
  }

  private mutating func add(_ picture: ConversationPicture) {
    isAnswered = true
    pictures.append(picture)
    tokens += TokenRule.inputImage
  }

  /// An item that is only listed: its short members.
  private mutating func addOther(_ item: JSONObject) {
    let members = item.members.filter { member in
      switch member.value {
      case .array, .object: false
      case .string(let string): string.utf8.count <= Self.longestText
      default: true
      }
    }
    items.append(members.map { ($0.name.text, JSONText($0.value)) })
  }

  private static let longestText = 4096
}
