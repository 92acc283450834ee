import Drawing
import ImageStore
import JSON

/// A document as it is kept: JSON, because most of it becomes JSON for a client again.
extension ResponseDocument {
  /// Another number for each form that an older or newer worker could not read.
  private static let form = 1

  var json: JSONText {
    .object([
      ("form", .integer(Self.form)), ("id", .string(id)), ("model", .string(model)), ("created", .integer(created)),
      ("begins", .integer(begins)), ("due", .integer(due)), ("background", .boolean(isBackground)),
      ("cancelled", cancelled.map(JSONText.integer) ?? .null), ("azure", .boolean(isAzure)), ("echo", .object(echo)),
      ("calls", .array(calls.map(\.json))), ("told", .object(told)), ("prompt", .string(prompt)), ("text", .string(text)),
      ("refusal", .boolean(isRefusal)), ("ending", .string(ending.rawValue)), ("usage", usage), ("tool_usage", toolUsage),
      ("items", .array(items)),
      ("pictures", .strings(pictures)), ("tokens", .integer(tokens)), ("redrawing", redrawing.json),
    ])
  }

  /// - Returns: nil for a form that this version does not know.
  init?(_ bytes: [UInt8]) {
    let limits = JSONLimits(values: 1 << 20)
    guard let object = (try? JSONValue(parsing: bytes, limits: limits))?.object, object["form"]?.integer == Self.form,
      let id = object["id"]?.text, let model = object["model"]?.text, let created = object["created"]?.integer,
      let begins = object["begins"]?.integer, let due = object["due"]?.integer, let echo = object["echo"]?.object,
      let told = object["told"]?.object, let prompt = object["prompt"]?.text, let text = object["text"]?.text,
      let ending = object["ending"]?.text.flatMap(ResponseEnding.init), let usage = object["usage"], let toolUsage = object["tool_usage"],
      let tokens = object["tokens"]?.integer, let redrawing = object["redrawing"]?.object.flatMap(Redrawing.init)
    else { return nil }
    (self.id, self.model, self.created, self.begins, self.due) = (id, model, created, begins, due)
    isBackground = object["background"] == .boolean(true)
    cancelled = object["cancelled"]?.integer
    isAzure = object["azure"] == .boolean(true)
    self.echo = echo.texts
    calls = (object["calls"]?.elements ?? []).compactMap { $0.object.flatMap(Call.init) }
    self.told = told.texts
    (self.prompt, self.text, self.ending, self.tokens) = (prompt, text, ending, tokens)
    (self.usage, self.toolUsage) = (JSONText(usage), JSONText(toolUsage))
    isRefusal = object["refusal"] == .boolean(true)
    items = (object["items"]?.elements ?? []).map(JSONText.init)
    pictures = (object["pictures"]?.elements ?? []).compactMap(\.text)
    self.redrawing = redrawing
  }
}

extension JSONObject {
  fileprivate var texts: [JSONMember] { members.map { ($0.name.text, JSONText($0.value)) } }
}

extension ResponseDocument.Call {
  fileprivate var json: JSONText {
    let state: JSONMember =
      switch state {
      case .stored(let image): ("image", .string(image.description))
      case .drawnLater: ("image", .null)
      case .missing: ("missing", true)
      case .failed(let error): ("error", error)
      }
    return .object([("id", .string(id)), state])
  }

  fileprivate init?(_ object: JSONObject) {
    guard let id = object["id"]?.text else { return nil }
    self.id = id
    if let error = object["error"] {
      state = .failed(JSONText(error))
    } else if object["missing"] != nil {
      state = .missing
    } else {
      state = object["image"]?.text.flatMap { ImageID($0) }.map(State.stored) ?? .drawnLater
    }
  }
}

extension ResponseDocument.Redrawing {
  fileprivate var json: JSONText {
    .object([
      ("profile", .string(profile.rawValue)), ("operation", .string(operation.rawValue)),
      ("deployment", deployment.map(JSONText.string) ?? .null), ("tool", JSONText(.object(tool))), ("sources", .strings(sources)),
      ("mask", mask.map(JSONText.string) ?? .null),
      ("size", .string(size.description)), ("seed", .string(String(seed))),
      ("partial_images", partialImages.map(JSONText.integer) ?? .null), ("moment", .integer(Int(moment))),
      ("pictures", .strings(pictures)), ("template", template?.json ?? .null),
    ])
  }

  fileprivate init?(_ object: JSONObject) {
    guard let profile = object["profile"]?.text.flatMap(Profile.init),
      let operation = object["operation"]?.text.flatMap(ImageOperation.init),
      let tool = object["tool"]?.object, let size = object["size"]?.text.flatMap({ PictureSize($0) }),
      let seed = object["seed"]?.text.flatMap({ UInt64($0) }), let moment = object["moment"]?.integer
    else { return nil }
    (self.profile, self.operation, self.size, self.seed, self.moment) = (profile, operation, size, seed, Int64(moment))
    self.tool = tool
    deployment = object["deployment"]?.text
    mask = object["mask"]?.text
    sources = (object["sources"]?.elements ?? []).compactMap(\.text)
    partialImages = object["partial_images"]?.integer
    // An older worker wrote none.
    pictures = (object["pictures"]?.elements ?? []).compactMap(\.text)
    template = TemplateUse(object["template"])
  }
}
