import JSON

/// The events of a response's stream, in their order.
struct ResponseEvents: Sendable {
  private let document: ResponseDocument
  private let isObfuscated: Bool
  private let pieces: [String]

  init(_ document: ResponseDocument, isObfuscated: Bool) {
    (self.document, self.isObfuscated) = (document, isObfuscated)
    pieces = ResponseText.pieces(document.text)
  }

  /// Events that are sent together.
  enum Part: Sendable, Equatable {
    case opening
    case partial(call: Int, Int, of: Int)
    case image(call: Int)
    case message
    case closing

    /// Whether it has an image, and so takes time.
    var isImage: Bool {
      switch self {
      case .partial, .image: true
      case .opening, .message, .closing: false
      }
    }
  }

  struct Event: Sendable {
    var type: String
    var members: [JSONMember]

    /// - Parameter number: of the event in the stream, from 0.
    func text(number: Int) -> String {
      let data: [JSONMember] = [("type", .string(type))] + members + [("sequence_number", .integer(number))]
      return ImageStream.event(type, .object(data))
    }
  }

  var parts: [Part] {
    guard document.cancelled == nil else { return [.opening, .closing] }
    let partials = document.redrawing.partialImages ?? 0
    var parts = [Part.opening]
    for (call, state) in document.calls.enumerated() where document.ending.hasOutput || call == 0 {
      if !state.hasFailed { parts += (0..<partials).map { .partial(call: call, $0, of: partials) } }
      if document.ending.hasOutput { parts.append(.image(call: call)) }
    }
    return parts + (document.ending.hasOutput ? [.message] : []) + [.closing]
  }

  /// The number of events of a part, which is known before its images are.
  func count(of part: Part) -> Int {
    switch part {
    case .opening: opening.count
    case .partial, .closing: 1
    case .image(let call): image(call, base64: nil).count
    case .message: message.count
    }
  }
}

// MARK: The calls

extension ResponseEvents {
  var opening: [Event] {
    let running: [JSONMember] = [("response", ResponseObject(document, status: "in_progress").json)]
    let queued: [JSONMember] = [("response", ResponseObject(document, status: "queued").json)]
    let first = document.isBackground ? queued : running
    return [Event(type: "response.created", members: first)]
      + (document.isBackground ? [Event(type: "response.queued", members: queued)] : [])
      + [Event(type: "response.in_progress", members: running)] + beginning(0)
  }

  /// The events with which a call begins; none if there is no such call.
  private func beginning(_ call: Int) -> [Event] {
    guard document.calls.indices.contains(call) else { return [] }
    let item: JSONText = ["id": .string(document.calls[call].id), "type": "image_generation_call", "status": "in_progress"]
    return [
      Event(type: "response.output_item.added", members: [("output_index", .integer(call)), ("item", item)]),
      Event(type: "response.image_generation_call.in_progress", members: place(call)),
      Event(type: "response.image_generation_call.generating", members: place(call)),
    ]
  }

  private func place(_ call: Int) -> [JSONMember] {
    [("output_index", .integer(call)), ("item_id", .string(document.calls[call].id))]
  }

  func partial(_ call: Int, _ index: Int, base64: String?) -> Event {
    let told = document.told.filter { ["size", "quality", "background", "output_format"].contains($0.key) }
    let image: [JSONMember] = [
      ("partial_image_index", .integer(index)), ("partial_image_b64", base64.map { .verbatim("\"\($0)\"") } ?? .null),
    ]
    return Event(type: "response.image_generation_call.partial_image", members: place(call) + image + told)
  }

  /// The end of a call, and the beginning of the next one.
  func image(_ call: Int, base64: String?) -> [Event] {
    let completed = Event(type: "response.image_generation_call.completed", members: place(call))
    let done: [JSONMember] = [("output_index", .integer(call)), ("item", document.item(call, result: base64))]
    return (document.calls[call].hasFailed ? [] : [completed]) + [Event(type: "response.output_item.done", members: done)]
      + beginning(call + 1)
  }
}

// MARK: The message, and the end

extension ResponseEvents {
  var message: [Event] {
    let index: [JSONMember] = [("output_index", .integer(document.calls.count))]
    let place = [("item_id", .string(document.messageID))] + index + [("content_index", 0)]
    let begun: JSONText = [
      "id": .string(document.messageID), "type": "message", "status": "in_progress", "role": "assistant", "content": [],
    ]
    let part = document.isRefusal ? "refusal" : "output_text"
    let logprobs: [JSONMember] = document.isRefusal ? [] : [("logprobs", [])]
    return [
      Event(type: "response.output_item.added", members: index + [("item", begun)]),
      Event(type: "response.content_part.added", members: place + [("part", document.part(""))]),
    ]
      + pieces.enumerated().map { number, piece in
        Event(type: "response.\(part).delta", members: place + [("delta", .string(piece))] + logprobs + obfuscation(number, piece))
      } + [
        Event(
          type: "response.\(part).done",
          members: place + [(document.isRefusal ? part : "text", .string(document.text))] + logprobs),
        Event(type: "response.content_part.done", members: place + [("part", document.part(document.text))]),
        Event(type: "response.output_item.done", members: index + [("item", document.message)]),
      ]
  }

  /// Characters that make all pieces equally long.
  private func obfuscation(_ number: Int, _ piece: String) -> [JSONMember] {
    guard isObfuscated else { return [] }
    let padding = String(repeating: document.messageID.suffix(16).description, count: 3).dropFirst(number % 16)
    return [("obfuscation", .string(String(padding.prefix(max(0, 32 - piece.utf8.count)))))]
  }

  /// The last event.
  ///
  /// - Parameter results: base64 of each call's image.
  func closing(_ results: [String?]) -> Event {
    if document.cancelled != nil {
      return Event(type: "response.cancelled", members: [("response", ResponseObject(document, status: "cancelled").json)])
    }
    switch document.ending {
    case .completed, .empty, .failed, .incomplete:
      let status = document.ending.status
      return Event(type: "response.\(status)", members: [("response", ResponseObject(document, status: status, results: results).json)])
    case .flatError:
      return Event(
        type: "error", members: [("code", "server_error"), ("message", .string(ResponseObject.failureMessage)), ("param", .null)])
    case .nestedError: return error(.generationFailed)
    }
  }

  func error(_ error: APIError) -> Event { Event(type: "error", members: [("error", error.eventObject)]) }
}
