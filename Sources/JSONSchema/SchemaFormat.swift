/// The formats of strings that are known. Others only describe a string.
enum SchemaFormat: String {
  case dateTime = "date-time"
  case date, time, duration, email, hostname, ipv4, ipv6, uri, uuid

  /// A text of the format.
  ///
  /// - Parameter variant: 0, or a number that makes another text.
  func example(_ variant: Int) -> String {
    let number = variant + 1
    switch self {
    case .dateTime: return "\(Self.date(variant))T00:00:00Z"
    case .date: return Self.date(variant)
    case .time: return "00:\(Self.digits(variant / 60 % 60, 2)):\(Self.digits(variant % 60, 2))Z"
    case .duration: return "PT\(number)S"
    case .email: return "mock\(number)@example.com"
    case .hostname: return "mock\(number).example.com"
    case .ipv4: return "192.0.2.\(number % 256)"
    case .ipv6: return "2001:db8::" + String(number % 0x10000, radix: 16)
    case .uri: return "https://example.com/\(number)"
    case .uuid: return "00000000-0000-4000-8000-\(Self.digits(number, 12))"
    }
  }

  private static func date(_ variant: Int) -> String { "2026-\(digits(variant / 28 % 12 + 1, 2))-\(digits(variant % 28 + 1, 2))" }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
