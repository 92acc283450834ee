import JSON

/// The object `response` at a point of time.
struct ResponseObject: Sendable {
  let document: ResponseDocument
  let status: String
  /// The items; empty while the response is not finished.
  var output: [JSONText] = []

  /// - Parameter results: base64 of each call's image, or nil if it has none.
  init(_ document: ResponseDocument, status: String, results: [String?] = []) {
    (self.document, self.status) = (document, status)
    if status == "completed", document.ending != .empty { output = document.output(results) }
  }

  var json: JSONText {
    let isOver = ["completed", "failed", "incomplete"].contains(status)
    let isCompleted = status == "completed"
    var members: [JSONMember] = [
      ("id", .string(document.id)), ("object", "response"), ("created_at", .integer(document.created / 1000)),
      ("status", .string(status)), ("background", .boolean(document.isBackground)),
    ]
    if document.isAzure { members.append(("content_filters", .null)) }
    members += [
      ("completed_at", isCompleted ? .integer(document.due / 1000) : .null), ("error", status == "failed" ? Self.failure : .null),
      ("incomplete_details", status == "incomplete" ? ["reason": "content_filter"] : .null), ("model", .string(document.model)),
      ("output", .array(output)),
    ]
    members += document.echo
    members += [
      ("service_tier", isOver ? "default" : "auto"), ("tool_usage", isCompleted ? document.toolUsage : .null),
      ("usage", isOver ? document.usage : .null),
    ]
    return .object(members)
  }

  /// One of the codes that the API's clients know.
  private static let failure: JSONText = ["code": "server_error", "message": .string(failureMessage)]

  static let failureMessage = "An error occurred while processing your request. You can retry your request."
}

extension ResponseDocument {
  /// The items of the finished response: the calls, and a message.
  fileprivate func output(_ results: [String?]) -> [JSONText] {
    calls.indices.map { item($0, result: $0 < results.count ? results[$0] : nil) } + [message]
  }

  /// A finished call.
  ///
  /// - Parameter result: base64 of its image.
  func item(_ index: Int, result: String?) -> JSONText {
    let call = calls[index]
    var members: [JSONMember] = [
      ("id", .string(call.id)), ("type", "image_generation_call"), ("status", call.hasFailed ? "failed" : "completed"),
    ]
    members += told
    // Written verbatim: base64 contains nothing to escape.
    members += [("result", result.map { .verbatim("\"\($0)\"") } ?? .null), ("revised_prompt", .string(prompt))]
    if case .failed(let error) = call.state { members.append(("error", error)) }
    return .object(members)
  }

  var message: JSONText {
    ["id": .string(messageID), "type": "message", "status": "completed", "role": "assistant", "content": [part(text)]]
  }

  func part(_ text: String) -> JSONText {
    isRefusal
      ? ["type": "refusal", "refusal": .string(text)] : ["type": "output_text", "annotations": [], "logprobs": [], "text": .string(text)]
  }
}
