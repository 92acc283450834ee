import FastCGI

// What a request contains and its response leaves out of account. Strict profiles refuse it; the others say so in a header and in the journal.

extension Response {
  /// A list of names, each with a reason in parentheses if it is not just unknown: `seed, image[1] (not an image)`.
  static let ignoredHeader = "X-FakeAI-Ignored"

  /// Adds to the list.
  mutating func addIgnored(_ entries: [String]) {
    let earlier = header(Self.ignoredHeader).map { [$0] } ?? []
    set(Self.ignoredHeader, (earlier + entries.map(Self.visible)).joined(separator: ", "))
  }

  /// A header is ASCII, and a comma separates: other characters are percent-encoded. Names are cut to 100 bytes.
  private static func visible(_ entry: String) -> String {
    let bytes = entry.utf8.prefix(100).map { byte in
      (0x20...0x7e).contains(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "%")
        ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return bytes.joined() + (entry.utf8.count > 100 ? "..." : "")
  }
}
