import Hashing
import JSON
import Multipart

/// The part of a request's body that the journal keeps: the members of a JSON object that is not too long, or the fields of a form;
/// otherwise length and checksum. It is extracted early, so that no upload stays in memory until the journal records the response.
struct JournalBody: Sendable {
  /// The parameters as JSON, and the model that they name.
  private(set) var parameters: (json: String, model: String?)?
  /// Length and CRC-32 of the body; nil if there is no body, or if the parameters are certain to fit.
  private(set) var digest: (count: Int, checksum: UInt32)?

  /// For a request without a body, or with an incomplete one.
  static let none = JournalBody(nil, of: [])

  /// Bytes of the longest JSON body whose members are kept. No valid prompt makes a longer one.
  private static let longest = 256 << 10
  /// Bytes of parameters that fit an entry of the journal regardless of its other members.
  private static let certainToFit = 1000

  private init(_ parameters: JournalValue?, of body: [UInt8]) {
    guard !body.isEmpty else { return }
    self.parameters = parameters.map { ($0.json.compact, $0.string("model")) }
    guard self.parameters.map({ $0.json.utf8.count > Self.certainToFit }) ?? true else { return }
    digest = (body.count, crc32(body[...]))
  }

  /// - Parameter json: the parsed body; nil if it is not valid JSON.
  init(_ body: [UInt8], json: JSONValue?) {
    guard body.count <= Self.longest, let json, case .object = json else {
      self.init(nil, of: body)
      return
    }
    self.init(JournalValue(json), of: body)
  }

  /// - Parameter form: the parsed body; nil if it is not a valid form.
  init(_ body: [UInt8], form: MultipartForm?) { self.init(form.map { JournalValue($0) }, of: body) }

  /// For a body that no endpoint has parsed.
  init(_ body: [UInt8], contentType: String?) {
    if let contentType, contentType.lowercased().hasPrefix(ImageOperation.form),
      let form = try? MultipartForm(parsing: body, contentType: contentType)
    {
      self.init(body, form: form)
    } else {
      self.init(body, json: body.count <= Self.longest ? try? JSONValue(parsing: body) : nil)
    }
  }
}

/// A parameter as the journal keeps it: long strings are cut, and arrays, objects and deep nesting are limited.
struct JournalValue: Sendable {
  let json: JSONText

  private static let longestString = 500
  static let mostElements = 16
  private static let deepest = 4

  init(_ value: JSONValue) { json = Self.text(of: value, depth: 0) }

  private static func text(of value: JSONValue, depth: Int) -> JSONText {
    if depth > deepest { return .string("…") }
    switch value {
    case .string(let string): return .string(cut(string.text))
    case .integer(let integer): return .integer(integer)
    case .decimal(let decimal): return .decimal(decimal)
    case .boolean(let boolean): return .boolean(boolean)
    case .null: return .null
    case .array(let values): return .array(values.prefix(mostElements).map { text(of: $0, depth: depth + 1) })
    case .object(let object):
      return .object(sorted(object).map { (cut($0.name), text(of: $0.value, depth: depth + 1)) })
    }
  }

  /// The members in the order of their names. Of several with the same name, the last one counts.
  private static func sorted(_ object: JSONObject) -> [(name: String, value: JSONValue)] {
    var members = object.members.enumerated().map { (name: $1.name.text, value: $1.value, place: $0) }
    members.sort { $0.name == $1.name ? $0.place > $1.place : $0.name < $1.name }
    var kept: [(name: String, value: JSONValue)] = []
    kept.reserveCapacity(min(members.count, mostElements))
    for member in members where kept.last?.name != member.name {
      kept.append((member.name, member.value))
      if kept.count == mostElements { break }
    }
    return kept
  }

  /// The string member of that name; nil if there is none.
  func string(_ name: String) -> String? {
    guard case .object(let members) = json, case .string(let value) = members.first(where: { $0.key == name })?.value else { return nil }
    return value
  }

  static func cut(_ text: String) -> String {
    // Each has at least one byte.
    if text.utf8.count <= longestString { return text }
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: longestString, limitedBy: scalars.endIndex), end < scalars.endIndex else {
      return text
    }
    return String(scalars[..<end]) + "…"
  }
}

extension JournalValue {
  /// The fields of a form, and the names, types, lengths and checksums of its files. Parts with the same name become an array.
  init(_ form: MultipartForm) {
    let parts = Dictionary(grouping: form.parts, by: \.name)
    let names = parts.keys.sorted().prefix(Self.mostElements)
    json = .object(names.map { name in (Self.cut(name), Self.json(parts[name, default: []].prefix(Self.mostElements).map(Self.json))) })
  }

  private static func json(_ values: [JSONText]) -> JSONText { values.count == 1 ? values[0] : .array(values) }

  private static func json(_ part: MultipartPart) -> JSONText {
    if !part.isFile, let text = part.text { return .string(cut(text)) }
    return .object([
      ("filename", part.filename.map { .string(cut($0)) } ?? .null), ("content_type", part.contentType.map { .string(cut($0)) } ?? .null),
      ("bytes", .integer(part.content.count)), ("crc32", .string(digits(crc32(part.content)))),
    ])
  }

  /// A CRC-32 in eight hexadecimal digits.
  static func digits(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
