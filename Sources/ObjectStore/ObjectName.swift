import Hashing

/// The kinds of objects. The raw value is a part of names on disk and in Redis: never change one.
package enum ObjectKind: String, Sendable, CaseIterable {
  /// What the API tells about an uploaded file.
  case file
  /// The bytes of an uploaded file, under its ID.
  case content
  /// What the API tells about a file that is uploaded in parts.
  case upload
  /// The bytes of a part, under the IDs of its upload and its own.
  case part
  /// A response of the Responses API.
  case response
  /// A picture that a response's conversation was given, until it has an ID of the image store.
  case input
  case batch
  /// The result of one line of a batch.
  case line
  case webhook
  /// An event of which webhooks have not been told yet.
  case event

  /// Whether the oldest object is evicted if there is no room for a new one. Otherwise the new one is refused, because a client counts on what it
  /// has uploaded.
  package var isEvicted: Bool {
    switch self {
    case .response, .input: true
    case .file, .content, .upload, .part, .batch, .line, .webhook, .event: false
    }
  }
}

/// The name of an object.
package struct ObjectName: Sendable, Hashable {
  package let kind: ObjectKind
  /// At most ``longestID`` letters, digits, `_`, `-` and `.`, and not a dot first. It comes from a client, and becomes a part of a file's name.
  package let id: String

  package static let longestID = 128

  /// - Returns: nil if no object can have the ID.
  package init?(_ kind: ObjectKind, _ id: some StringProtocol) {
    guard !id.isEmpty, id.utf8.count <= Self.longestID, id.utf8.first != UInt8(ascii: "."), id.utf8.allSatisfy(Self.isAllowed) else {
      return nil
    }
    (self.kind, self.id) = (kind, String(id))
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
  }

  /// A new ID: `prefix`, 12 hexadecimal digits for the time in milliseconds, and random ones, of which there are enough that nobody guesses it.
  /// IDs of one prefix are therefore in the order in which they were made, to the millisecond.
  ///
  /// - Parameters:
  ///   - digits: hexadecimal digits in all; at least 24.
  ///   - now: nanoseconds since 1970.
  package static func newID(_ prefix: String, digits: Int = 48, now: Int64) -> String {
    var kernel = SystemRandomNumberGenerator()
    var text = String(hexadecimal: UInt64(max(0, now) / 1_000_000), digits: 12)
    while text.utf8.count < digits { text += String(hexadecimal: kernel.next() as UInt64, digits: min(16, digits - text.utf8.count)) }
    return prefix + text
  }

  /// The time in an ID without its prefix, in nanoseconds since 1970; nil for an ID that was not made here.
  package static func time(in digits: some StringProtocol) -> Int64? {
    guard digits.utf8.count >= 24, let milliseconds = Int64(digits.prefix(12), radix: 16) else { return nil }
    return milliseconds * 1_000_000
  }
}
