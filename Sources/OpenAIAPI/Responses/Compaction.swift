import JSON

/// What takes the place of a conversation in an item of the type `compaction`: references to its latest pictures, the oldest first.
///
/// The API encrypts the content. Here it is readable, because there is nothing to hide: `fakeai-images.ig_….file-…`. It follows from the
/// conversation alone, and any worker of any host can read it.
struct Compaction: Sendable, Equatable {
  /// See ``ConversationPicture/reference``; at most ``ResponseDocument/mostPictures``.
  var pictures: [String]

  private static let mark = "fakeai-images"
  /// No reference contains one.
  private static let separator = "."

  /// - Parameter pictures: references; those that no picture of this server can have are left out.
  init(pictures: [String]) {
    self.pictures = pictures.filter { Self.isReference($0[...]) }.suffix(ResponseDocument.mostPictures)
  }

  /// - Parameter content: the `encrypted_content` of an item.
  /// - Returns: nil if this server cannot have made it.
  init?(content: String) {
    guard content.utf8.count <= Self.longestContent else { return nil }
    let parts = content.split(separator: Self.separator, omittingEmptySubsequences: false)
    guard parts[0] == Self.mark, parts.count <= 1 + ResponseDocument.mostPictures, parts.dropFirst().allSatisfy(Self.isReference) else {
      return nil
    }
    pictures = parts.dropFirst().map(String.init)
  }

  private static let longestContent = (mark.utf8.count + 1) + ResponseDocument.mostPictures * (ConversationPicture.longestID + 1)

  private static func isReference(_ part: Substring) -> Bool {
    !part.isEmpty && part.utf8.count <= ConversationPicture.longestID && part.utf8.allSatisfy(CallID.isAllowed)
  }

  var content: String { ([Self.mark] + pictures).joined(separator: Self.separator) }
}

/// The answer to POST /v1/responses/compact: the user's messages, and an item for everything else.
struct CompactedResponse: Sendable {
  private let request: ResponseRequest
  private let compaction: Compaction
  private let messages: [JSONText]
  private let previousTokens: Int
  private let id: String
  /// Seconds since 1970.
  private let created: Int

  /// - Parameters:
  ///   - input: the request's, whose messages come back as they are.
  ///   - pictures: references to those of the input.
  ///   - previous: the response whose conversation goes on.
  ///   - now: nanoseconds since 1970.
  init(_ request: ResponseRequest, _ input: JSONValue?, pictures: [String], after previous: ResponseDocument?, id: String, now: Int64) {
    (self.request, self.id) = (request, id)
    created = Int(now / 1_000_000_000)
    compaction = Compaction(pictures: (previous?.pictures ?? []) + pictures)
    messages = Self.messages(input, of: id)
    previousTokens = previous?.tokens ?? 0
  }

  private static func messages(_ input: JSONValue?, of response: String) -> [JSONText] {
    let messages: [[JSONMember]] =
      switch input {
      case .string(let text)?: [[("role", "user"), ("content", content(text.text))]]
      case .array(let items)?: items.compactMap { $0.object.flatMap(userMessage) }
      default: []
      }
    return messages.enumerated().map { index, members in
      let usual: [JSONMember] = [
        ("id", .string(ResponseDocument.itemID(index, of: response))), ("type", "message"), ("status", "completed"),
      ]
      return .object(usual.filter { member in !members.contains { $0.key == member.key } } + members)
    }
  }

  private static func content(_ text: String) -> JSONText { [["type": "input_text", "text": .string(text)]] }

  private static func userMessage(_ item: JSONObject) -> [JSONMember]? {
    guard item.given("role")?.text == "user", ["message", nil].contains(item.given("type")?.text) else { return nil }
    return item.members.filter { $0.value != .null }.map { member in
      if member.name == "content", let text = member.value.text { return ("content", content(text)) }
      return (member.name.text, JSONText(member.value))
    }
  }

  var json: JSONText {
    let item: JSONText = [
      "id": .string("cmp_" + id.dropFirst(ResponseDocument.prefix.count)), "type": "compaction",
      "encrypted_content": .string(compaction.content),
    ]
    let usage = ResponseDrawing.usage(
      input: request.input.tokens + previousTokens, output: TokenRule.tokens(compaction.content))
    let members: [JSONMember] = [
      ("id", .string(id)), ("object", "response.compaction"), ("created_at", .integer(created)), ("output", .array(messages + [item])),
      ("usage", usage),
    ]
    return .object(members + request.echo.filter { $0.key == "image" })
  }
}
