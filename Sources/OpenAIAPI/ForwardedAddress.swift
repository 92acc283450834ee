import FastCGI

/// The address that the client used, as the proxies in front of nginx report it: `Forwarded` (RFC 7239) and the older `X-Forwarded-Proto`,
/// `X-Forwarded-Host` and `X-Forwarded-Port`.
///
/// A list has an element for each proxy; the first is that of the proxy next to the client. `Forwarded` takes precedence, part by part. A part
/// that is not valid is as good as missing.
///
/// Anyone may send these headers. They become part of URLs in the sender's own response, and decide nothing else: neither who may access
/// `/_fakeai`, nor which names are trusted there.
struct ForwardedAddress: Equatable {
  /// `http` or `https`.
  private(set) var scheme: String?
  /// A host, with or without a port, that is a valid ``Authority``.
  private(set) var host: String?
  private(set) var port: UInt16?

  init(_ request: Request) {
    if let header = request.headerList("Forwarded"), let pairs = Self.pairs(in: header) {
      scheme = pairs["proto"].flatMap(Self.scheme)
      host = pairs["host"].flatMap(Self.host)
    }
    // The port belongs to the host of the same proxy.
    let isComplete = host != nil
    scheme = scheme ?? Self.first(request, "X-Forwarded-Proto").flatMap(Self.scheme)
    host = host ?? Self.first(request, "X-Forwarded-Host").flatMap(Self.host)
    if !isComplete { port = Self.first(request, "X-Forwarded-Port").flatMap(Self.port) }
  }

  /// The first element of a list that is not empty.
  private static func first(_ request: Request, _ header: String) -> String? {
    guard let list = request.headerList(header) else { return nil }
    return list.split(separator: ",").lazy.map { String(Substring($0.utf8.trimmingBlanks)) }.first { !$0.isEmpty }
  }

  private static func scheme(_ text: String) -> String? {
    let scheme = text.lowercased()
    return ["http", "https"].contains(scheme) ? scheme : nil
  }

  private static func host(_ text: String) -> String? { Authority(text) == nil ? nil : text }

  private static func port(_ text: String) -> UInt16? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return UInt16(text).flatMap { $0 > 0 ? $0 : nil }
  }
}

// MARK: Forwarded

extension ForwardedAddress {
  /// The pairs of the first element of a `Forwarded` header, with names in lower case: `for=192.0.2.43;Proto=https, for="[2001:db8::1]"`.
  ///
  /// - Returns: nil if the element is not well-formed, because then a comma may have been part of a value.
  static func pairs(in header: String) -> [String: String]? {
    var rest = Substring(header).utf8
    var pairs: [String: String] = [:]
    while true {
      rest = rest.drop(while: \.isBlank)
      guard let next = rest.first else { return pairs }
      if next == UInt8(ascii: ",") {
        // Empty elements do not count.
        if !pairs.isEmpty { return pairs }
        rest = rest.dropFirst()
      } else if next == UInt8(ascii: ";") {
        rest = rest.dropFirst()
      } else {
        guard let (name, value) = pair(&rest) else { return nil }
        pairs[name] = pairs[name] ?? value
      }
    }
  }

  /// Takes `name=value` off the front, and the blanks after it. Blanks around the `=` are not allowed but occur.
  private static func pair(_ text: inout Substring.UTF8View) -> (String, String)? {
    let name = text.prefix(while: isToken)
    text = text[name.endIndex...].drop(while: \.isBlank)
    guard !name.isEmpty, text.first == UInt8(ascii: "=") else { return nil }
    text = text.dropFirst().drop(while: \.isBlank)
    guard let value = text.first == UInt8(ascii: "\"") ? quotedString(&text) : bareValue(&text) else { return nil }
    text = text.drop(while: \.isBlank)
    guard text.isEmpty || [UInt8(ascii: ","), UInt8(ascii: ";")].contains(text.first) else { return nil }
    return (String(Substring(name)).lowercased(), value)
  }

  /// A value without quotes. A colon or bracket needs quotes, but proxies send hosts with ports without them.
  private static func bareValue(_ text: inout Substring.UTF8View) -> String? {
    let value = text.prefix { isToken($0) || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains($0) }
    text = text[value.endIndex...]
    return value.isEmpty ? nil : String(Substring(value))
  }

  /// The content of a quoted string, without the backslash of escaped characters (RFC 9110, section 5.6.4).
  private static func quotedString(_ text: inout Substring.UTF8View) -> String? {
    var content: [UInt8] = []
    var isEscaped = false
    var place = text.index(after: text.startIndex)
    while place < text.endIndex {
      let byte = text[place]
      place = text.index(after: place)
      if !isEscaped, byte == UInt8(ascii: "\"") {
        text = text[place...]
        return String(decoding: content, as: UTF8.self)
      }
      isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
      if !isEscaped { content.append(byte) }
    }
    return nil
  }

  /// A character of a token (RFC 9110, section 5.6.2).
  private static func isToken(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }
}
