import Drawing
import ImageGeneration
import JSON

/// The tool `image_generation` of a request to the Responses API. Its members are parameters of the Images API under the same names.
struct ImageTool: Sendable {
  static let type = "image_generation"

  /// Whether a call generates an image or edits one.
  enum Action: String, Sendable, CaseIterable {
    /// Edits if the conversation has an image.
    case auto
    case generate, edit
  }

  /// Its place among the tools.
  let index: Int
  let action: Action
  /// The part of the first image to edit.
  let mask: ConversationPicture?
  /// Partial images before the finished one, in a stream.
  let partialImages: Int
  /// As the request has it, without its mask.
  let members: JSONObject
  private let parameters: Parameters

  init(_ members: JSONObject, index: Int, isStrict: Bool) throws(APIError) {
    self.index = index
    self.members = members
    let place = "tools[\(index)]"
    let names = isStrict ? Self.names : Self.names.union(Self.ownNames)
    var parameters = Parameters(members, names, isLenient: !isStrict)
    if isStrict, let unknown = members.members.first(where: { $0.value != .null && !Self.allNames.contains($0.name.text) }) {
      throw .unknownParameter("\(place).\(unknown.name.text)")
    }
    mask = try members.given("input_image_mask").map { mask throws(APIError) in
      try ConversationPicture(mask: mask, "\(place).input_image_mask", isStrict: isStrict)
    }
    do throws(APIError) {
      let format = try parameters.string("output_format").flatMap { name in OutputFormat.all.first { $0.name == name } }
      let count = try parameters.integer("partial_images", in: AllowedValues.partialImages) ?? 0
      if isStrict, count > 0, let format, format.name == "gif" { throw .notWithFormat("partial_images", " above 0", format) }
      partialImages = format?.isNamed ?? true ? count : 0
      action = try parameters.choice("action", of: Action.allCases.map(\.rawValue)).flatMap(Action.init) ?? .auto
      if try parameters.string("input_fidelity") != nil, try parameters.string("model") == nil {
        // The usual model may not know it, and its client did not choose the model.
        _ = try parameters.choice("input_fidelity", of: AllowedValues.fidelities)
        parameters = Parameters(members, names.subtracting(["input_fidelity"]), isLenient: !isStrict)
      }
      self.parameters = parameters
    } catch {
      throw error.inside(place)
    }
  }

  /// The parameters that mean what they mean in the Images API.
  private static let names: Set = [
    "model", "size", "quality", "background", "output_format", "output_compression", "moderation", "partial_images", "input_fidelity",
    "complexity", "frame_count", "frame_duration_ms", "svg", "action",
  ]
  /// Those that only the profile `fakeai` knows.
  private static let ownNames: Set = ["motion", "pattern"]
  private static let allNames = names.union(["type", "input_image_mask"])

  /// The request for the images of its calls.
  ///
  /// - Parameters:
  ///   - prompt: the text to draw. Cut to what the model takes: the model that calls the tool would write a shorter one.
  ///   - operation: generation or edit.
  ///   - deployment: Azure's name for the image model, used if the tool names none.
  func request(
    _ operation: ImageOperation, drawing prompt: String, _ profile: ProfileRules, deployment: String?, isStream: Bool
  ) throws(APIError) -> ImageRequest {
    do throws(APIError) {
      let id = try parameters.string("model") ?? deployment ?? profile.toolModel
      guard let model = profile.model(named: id), operation == .generation || profile.rules(for: model).inputImages > 0 else {
        throw .unknownModel(id, among: profile.models)
      }
      let longest = profile.rules(for: model).longestPrompt
      let isShort = prompt.utf8.count <= longest
      let prompt = isShort ? prompt : String(String.UnicodeScalarView(prompt.unicodeScalars.prefix(longest)))
      var request = try ImageRequest(operation, model, drawing: prompt, on: ImageInputs(), parameters, profile)
      (request.isToolCall, request.responseFormat) = (true, .base64)
      request.partialImages = isStream ? partialImages : nil
      return request
    } catch {
      throw error.inside("tools[\(index)]")
    }
  }
}

extension ProfileRules {
  /// The image model of a tool that names none: the API's, if the profile has it.
  fileprivate var toolModel: String {
    ["gpt-image-2.6-sunburst", "gpt-image-1"].first { id in models.contains { $0.id == id } } ?? models[0].id
  }
}

extension ImageTool {
  /// A tool that the model could have called: for responses without calls.
  static let unused = ImageTool()

  private init() { (index, action, mask, partialImages, members, parameters) = (0, .auto, nil, 0, .empty, Parameters([:])) }

  /// The members that a response shows if the request does not have them.
  private static let usual: [JSONMember] = [
    ("background", "auto"), ("moderation", "auto"), ("n", 1), ("output_compression", 100), ("output_format", "png"), ("quality", "auto"),
    ("size", "auto"),
  ]

  /// The tool as a response shows it.
  ///
  /// - Parameter deployment: Azure's name of the image model.
  static func filled(_ tool: JSONValue, deployment: String?) -> JSONText {
    // A mask may have megabytes.
    let given = (tool.object?.members ?? []).filter { $0.value != .null && $0.name != "input_image_mask" }
      .map { ($0.name.text, JSONText($0.value)) as JSONMember }
    let usual = usual + (deployment.map { [("model", .string($0))] } ?? [])
    return .object(given + usual.filter { member in !given.contains { $0.key == member.key } })
  }
}
