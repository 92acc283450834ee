import Hashing
import ImageGeneration
import JSON
import Journal
import Multipart

extension JournalValue {
  /// A form's fields, and what tells its files from others; those of one name as an array. Nil for a body that is no form.
  init?(form body: [UInt8], contentType: String?) {
    guard let contentType, contentType.lowercased().hasPrefix(ImageOperation.form),
      let form = try? MultipartForm(parsing: body, contentType: contentType)
    else { return nil }
    let parts = Dictionary(grouping: form.parts, by: \.name)
    let names = parts.keys.sorted().prefix(Self.mostElements)
    json = .object(names.map { name in (Self.cut(name), Self.json(parts[name, default: []].prefix(Self.mostElements).map(Self.json))) })
  }

  private static func json(_ values: [JSONText]) -> JSONText { values.count == 1 ? values[0] : .array(values) }

  private static func json(_ part: MultipartPart) -> JSONText {
    if part.filename == nil, let text = part.text { return .string(cut(text)) }
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
