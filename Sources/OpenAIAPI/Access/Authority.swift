import Glibc

/// The addressee of a request, as in a Host header or an Origin: a host and an optional port (RFC 3986, section 3.2).
struct Authority: Equatable {
  /// In lower case, without the trailing dot of a name and the brackets of an IPv6 address.
  let host: String
  let port: UInt16?
  /// Whether the host is an IPv4 or IPv6 address rather than a name.
  let isAddress: Bool

  /// - Returns: nil if the text is not of the form `name`, `1.2.3.4` or `[::1]`, each with or without a port.
  init?(_ text: some StringProtocol) {
    // Bytes are compared here and below: finding the letters of a name takes ten times as long.
    let bytes = text.utf8
    let isBracketed = bytes.first == UInt8(ascii: "[")
    let end =
      isBracketed
      ? bytes.firstIndex(of: UInt8(ascii: "]")).map(bytes.index(after:)) : bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
    guard let end, let port = Self.port(text[end...]) else { return nil }
    self.port = port
    if isBracketed {
      host = text[..<end].dropFirst().dropLast().lowercased()
      isAddress = true
      guard Self.isAddress(host, family: AF_INET6) else { return nil }
    } else {
      let name = text[..<end].lowercased()
      host = name.hasSuffix(".") ? String(name.dropLast()) : name
      isAddress = Self.isAddress(host, family: AF_INET)
      guard Self.isName(host) else { return nil }
    }
  }

  /// The port in `:8000`. An empty text means no port; any other text is invalid and gives nil.
  private static func port(_ text: some StringProtocol) -> UInt16?? {
    if text.isEmpty { return .some(nil) }
    let digits = text.utf8.dropFirst()
    guard text.utf8.first == UInt8(ascii: ":"), !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self)).map(Optional.some)
  }

  /// Whether the text is a name: letters, digits, hyphens and underscores in parts separated by dots, within DNS's limits of length.
  static func isName(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
        (1...63).contains(part.count) && part.allSatisfy(isPartOfName)
      }
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  private static func isAddress(_ text: String, family: CInt) -> Bool {
    var storage = in6_addr()
    return unsafe inet_pton(family, text, &storage) == 1
  }
}

extension Authority {
  /// Whether a page of the origin (RFC 6454: `http://localhost:8000`, or `null`) was served under this name and port.
  func isOrigin(_ origin: String) -> Bool {
    for (scheme, usual) in [("http://", UInt16(80)), ("https://", 443)] where origin.hasPrefix(scheme) {
      guard let other = Authority(origin.dropFirst(scheme.count)) else { return false }
      return other.host == host && other.isAddress == isAddress && (other.port ?? usual) == (port ?? usual)
    }
    return false
  }
}
