import OpenAIAPI

extension SettingSyntax where Value == [String] {
  private static var most: Int { 64 }

  /// Host names, or suffixes of host names that begin with a dot.
  static var hostNames: Self {
    Self(
      placeholder: "names",
      allowed: "up to \(most) host names, or suffixes such as .example.com, separated by commas",
      parse: { text in
        let entries = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(withoutBlanks)
        let names = entries.compactMap { TrustedHosts.entry($0) }
        return names.count == entries.count && names.count <= most ? names : nil
      },
      text: { $0.joined(separator: ",") })
  }
}

extension SettingSyntax where Value == [String] {
  private static var mostAddresses: Int { 16 }

  /// Addresses to listen on. Names other than `localhost` would need a resolver, and could have several addresses.
  static var addresses: Self {
    Self(
      placeholder: "address",
      allowed: "up to \(mostAddresses) IPv4 or IPv6 addresses such as 127.0.0.1, 0.0.0.0, ::1 or ::, or localhost, separated by commas",
      parse: { text in
        let entries = text.split(separator: ",", omittingEmptySubsequences: false).map(withoutBlanks)
        let addresses = entries.compactMap(address)
        return addresses.count == entries.count && addresses.count <= mostAddresses ? withoutCovered(addresses) : nil
      },
      text: { $0.joined(separator: ",") })
  }

  /// The normal form of an address, which may be in brackets.
  private static func address(_ text: Substring) -> String? {
    if text == "localhost" { return "127.0.0.1" }
    let isBracketed = text.first == "[" && text.last == "]"
    let inner = isBracketed ? text.dropFirst().dropLast() : text
    guard !inner.contains("/"), isBracketed == false || inner.contains(":") else { return nil }
    return Network(inner)?.description
  }

  /// Leaves out what another entry covers, because a second socket for it could not be opened: `::` is every address, and `0.0.0.0` is every
  /// one of IPv4.
  private static func withoutCovered(_ addresses: [String]) -> [String] {
    if addresses.contains("::") { return ["::"] }
    let isAllOfIPv4 = addresses.contains("0.0.0.0")
    var known: Set<String> = []
    return addresses.filter { known.insert($0).inserted && !(isAllOfIPv4 && !$0.contains(":") && $0 != "0.0.0.0") }
  }
}

extension SettingSyntax where Value == [Network] {
  private static var most: Int { 256 }

  /// Addresses and ranges of addresses.
  static var networks: Self {
    Self(
      placeholder: "networks",
      allowed: "up to \(most) addresses, or networks without host bits such as 10.0.0.0/8 and fd00::/8, separated by commas",
      parse: { text in
        let entries = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(withoutBlanks)
        let networks = entries.compactMap { Network($0) }
        return networks.count == entries.count && networks.count <= most ? networks : nil
      },
      text: { $0.map(\.description).joined(separator: ",") })
  }
}

/// The text without spaces at its beginning and end.
@Sendable private func withoutBlanks(_ text: Substring) -> Substring {
  let start = text.drop { $0 == " " }
  return start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)]
}

extension SettingSyntax where Value == String {
  /// A URL to which the path of an image can be appended, without the slashes at its end.
  static var baseURL: Self {
    Self(
      placeholder: "url",
      allowed: "http(s)://host[:port][/path] without a query or fragment",
      parse: { text in isBaseURL(text) ? text.replacing(/\/+$/, with: "") : nil },
      text: { $0 })
  }

  private static func isBaseURL(_ text: String) -> Bool {
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return false }
    let rest = text.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count)
    return isAuthority(authority) && isPath(path)
  }

  /// `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
  private static func isAuthority(_ text: Substring) -> Bool {
    let bracket = text.first == "[" ? text.firstIndex(of: "]") : nil
    let host = bracket.map { text[...$0] } ?? text.prefix { $0 != ":" }
    let port = text.dropFirst(host.count)
    return isHost(host) && (port.isEmpty || isPort(port))
  }

  private static func isHost(_ text: Substring) -> Bool {
    if text.first == "[" {
      return text.count > 2 && text.utf8.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == UInt8(ascii: ":") }
    }
    return !text.isEmpty && text.utf8.allSatisfy { $0.isLetterOrDigit || "-._".utf8.contains($0) }
  }

  private static func isPort(_ text: Substring) -> Bool {
    let digits = text.dropFirst()
    return text.first == ":" && digits.utf8.allSatisfy(\.isDigit) && UInt16(digits).map { $0 > 0 } == true
  }

  /// Slashes, and the characters of RFC 3986's path segments.
  private static func isPath(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { $0.isLetterOrDigit || "/-._~%!$&'()*+,;=:@".utf8.contains($0) }
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
  fileprivate var isLetterOrDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
