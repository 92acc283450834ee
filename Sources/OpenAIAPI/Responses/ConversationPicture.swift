import ImageStore
import JSON

/// A picture in a conversation.
enum ConversationPicture: Sendable, Equatable {
  /// The result of an earlier image call, by the call's ID.
  case call(String)
  /// An uploaded file, by its ID.
  case file(String)
  /// The picture itself.
  case inline(DataURL)
  /// A picture on another server, which is not fetched.
  case elsewhere

  /// The reference by which a later turn finds the picture; nil if only this request has it.
  var reference: String? {
    switch self {
    case .call(let id), .file(let id): id
    case .inline, .elsewhere: nil
    }
  }

  /// - Parameter reference: see ``reference``.
  init(reference: String) { self = reference.hasPrefix(CallID.prefix) ? .call(reference) : .file(reference) }
}

extension ConversationPicture {
  /// The picture of an `input_image`, whose `image_url` is a string.
  init(part: JSONObject, _ name: String, isStrict: Bool) throws(APIError) {
    switch (part.given("image_url"), part.given("file_id")) {
    case (.string(let url)?, nil): self = try Self.link(url, "\(name).image_url")
    // As chat completions have it.
    case (.object(let object)?, nil) where !isStrict:
      guard case .string(let url)? = object.given("url") else { throw .missing("\(name).image_url.url") }
      self = try Self.link(url, "\(name).image_url")
    case (let url?, nil): throw .wrongType("\(name).image_url", expected: "an image URL", got: url.kind)
    case (nil, let id?): self = .file(try Self.fileID(id, "\(name).file_id"))
    case (nil, nil): throw .missing("\(name).image_url")
    case (.some, .some): throw .notOneReference(name)
    }
  }

  /// The picture of `input_image_mask`, which has no other members than these two.
  init(mask: JSONValue, _ name: String, isStrict: Bool) throws(APIError) {
    guard let object = mask.object else { throw .wrongType(name, expected: "an object", got: mask.kind) }
    if isStrict, let other = object.members.first(where: { $0.name != "image_url" && $0.name != "file_id" }) {
      throw .unknownParameter("\(name).\(other.name.text)")
    }
    try self.init(part: object, name, isStrict: isStrict)
    if isStrict, self == .elsewhere { throw .maskIsNoDataURL("\(name).image_url") }
  }

  private static func link(_ url: JSONString, _ name: String) throws(APIError) -> ConversationPicture {
    let length = url.unicodeScalarCount
    guard length <= InputImage.longestURL else { throw .tooLong(name, length: length, maximum: InputImage.longestURL) }
    if let dataURL = DataURL(url.utf8) { return .inline(dataURL) }
    guard url.utf8.starts(with: "https://".utf8) || url.utf8.starts(with: "http://".utf8) else { throw .noURL(name) }
    return .elsewhere
  }

  /// Of a file or a call, in bytes.
  static let longestID = 64

  private static func fileID(_ value: JSONValue, _ name: String) throws(APIError) -> String {
    guard case .string(let string) = value else { throw .wrongType(name, expected: "a string", got: value.kind) }
    let length = string.unicodeScalarCount
    guard length <= longestID else { throw .tooLong(name, length: length, maximum: longestID) }
    let id = string.text
    guard !id.isEmpty, id.utf8.allSatisfy(CallID.isAllowed) else { throw .badFileID(name, id) }
    return id
  }
}

/// The ID of an image call: `ig_`, the 32 digits of the ID under which its image is stored, and 18 random ones. Every worker of every host finds the
/// image by it.
enum CallID {
  static let prefix = "ig_"
  private static let randomDigits = 18
  /// In place of the image's ID, if the call has no stored image.
  private static let none = String(repeating: "0", count: ImageID.length)

  /// - Parameter image: nil if no image is stored.
  static func make(_ image: ImageID?) -> String {
    prefix + (image?.description ?? none) + APIService.randomHexadecimal().prefix(randomDigits)
  }

  /// The stored image of a call; nil if the ID names none.
  static func image(_ id: String) -> ImageID? {
    guard hasForm(id) else { return nil }
    return ImageID(id.dropFirst(prefix.utf8.count).prefix(ImageID.length))
  }

  /// Whether a call of this server had no stored image: it failed, or nothing is drawn.
  static func hasNoImage(_ id: String) -> Bool { hasForm(id) && id.dropFirst(prefix.utf8.count).hasPrefix(none) }

  private static func hasForm(_ id: String) -> Bool {
    id.hasPrefix(prefix) && id.utf8.count == prefix.utf8.count + ImageID.length + randomDigits
  }

  /// Whether a byte may occur in an ID.
  static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
  }
}
