import FastCGI

// What a request contains and its response leaves out of account. Strict profiles refuse it; the others say so in a header and in the journal.

extension Response {
  /// A list of names, each with a reason if it is not just unknown: `seed; image 1: a damaged or truncated PNG file`.
  static let ignoredHeader = "X-FakeAI-Ignored"

  /// Adds to the list.
  mutating func addIgnored(_ entries: [String]) {
    guard !entries.isEmpty else { return }
    let earlier = header(Self.ignoredHeader).map { [$0] } ?? []
    set(Self.ignoredHeader, (earlier + entries.map(Self.visible)).joined(separator: "; "))
  }

  /// A header is ASCII, and a semicolon separates: other characters are percent-encoded. An entry is cut to 200 bytes.
  private static func visible(_ entry: String) -> String {
    let bytes = entry.utf8.prefix(200).map { byte in
      (0x20...0x7e).contains(byte) && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "%")
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return bytes.joined() + (entry.utf8.count > 200 ? "..." : "")
  }
}
