import FastCGI
import JSON

/// A request to POST /v1/responses, checked.
///
/// Members that are null, and empty objects, are not given: clients send them for what their user left out.
struct ResponseRequest: Sendable {
  /// The model that would call the tool.
  var model: String
  var input: ConversationInput
  /// The image tool, if the model may call it.
  var tool: ImageTool?
  var isStream: Bool
  /// Whether the response can be asked for later.
  var isStored: Bool
  /// Whether the response is made while its client polls.
  var isBackground: Bool
  /// Whether the pieces of a stream's text are padded to hide their lengths.
  var isObfuscated: Bool
  var previousID: String?
  /// What the text must be.
  var format: TextFormat
  /// The members that the response repeats.
  var echo: [JSONMember]
  /// What has no effect.
  var ignored: [String] = []

  /// - Parameters:
  ///   - deployment: Azure's name for the image model, used if the tool names none.
  ///   - invents: whether an object that was never made is taken for one that was.
  init(_ body: JSONValue, _ profile: ProfileRules, deployment: String?, isAzure: Bool, invents: Bool) throws(APIError) {
    guard let object = body.object else { throw .unreadableJSON }
    let parameters = Parameters(object, Self.names, isLenient: !profile.isStrict)
    guard let model = try parameters.string("model") ?? (invents ? MainlineModel.usual : nil) else { throw .missing("model") }
    if profile.isStrict, Model.known.contains(where: { $0.id == model }) { throw .imageModelInResponses(model) }
    self.model = model
    previousID = try parameters.string("previous_response_id")
    let conversation = try Self.conversation(object)
    if conversation != nil, previousID != nil, !invents { throw .previousResponseAndConversation }
    isStream = try parameters.boolean("stream") ?? false
    isStored = try parameters.boolean("store") ?? true
    isBackground = try parameters.boolean("background") ?? false
    if isBackground, !isStored { throw .backgroundWithoutStore }
    let options = object.given("stream_options")?.object
    isObfuscated = options?.given("include_obfuscation") != .boolean(false)
    let hasOrigin = previousID != nil || conversation != nil || object.given("prompt") != nil || invents
    guard let items = object.given("input") ?? (hasOrigin ? .array([]) : nil) else { throw .noInput }
    input = try ConversationInput(items, isStrict: profile.isStrict)
    if let instructions = object.given("instructions") {
      input.tokens += TokenRule.tokens(instructions.text ?? JSONText(instructions).compact)
    }
    let tools = try ResponseTools(object, isStrict: profile.isStrict)
    tool = tools.tool
    if isAzure, profile.isStrict, tool != nil, deployment == nil { throw .noImageDeployment }
    echo = try ResponseEcho.members(object, parameters, tools: tools.echo(deployment: isAzure ? deployment : nil))
    format = try TextFormat(object)
    if conversation != nil { ignored.append("conversation: conversations are not kept") }
  }

  /// The members that are read as parameters: all but the long ones.
  static let names: Set = [
    "model", "previous_response_id", "stream", "store", "background", "max_output_tokens", "max_tool_calls", "parallel_tool_calls",
    "safety_identifier", "service_tier", "top_logprobs", "truncation", "user", "prompt_cache_key", "prompt_cache_retention",
  ]

  /// The ID of the conversation; nil if there is none.
  private static func conversation(_ object: JSONObject) throws(APIError) -> String? {
    switch object.given("conversation") {
    case nil: return nil
    case .string(let id): return id.text
    case .object(let conversation):
      guard let id = conversation.given("id")?.text else { throw .missing("conversation.id") }
      return id
    case .some(let other): throw .wrongType("conversation", expected: "one of a string or an object", got: other.kind)
    }
  }
}

extension Parameters {
  /// Reads some members of an object, without the rest of it.
  init(_ object: JSONObject, _ names: Set<String>, isLenient: Bool) {
    let members = object.members.filter { names.contains($0.name.text) }
    self.init(Dictionary(members.map { ($0.name.text, ParameterValue($0.value)) }) { _, last in last }, isLenient: isLenient)
  }
}
