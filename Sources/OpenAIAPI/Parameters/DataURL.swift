/// A `data:` URL (RFC 2397), read as browsers read it: <https://fetch.spec.whatwg.org/#data-url-processor>. The scheme and `;base64` may be in
/// any case, the body may be percent-encoded, and its base64 may have white space in it and no padding at its end. As in any URL, line ends
/// and tabs do not count, nor do blanks around it and a fragment.
struct DataURL: Sendable, Equatable {
  /// The part after the comma; nil without a comma.
  private let encoded: ArraySlice<UInt8>?
  private let isBase64: Bool

  /// Why a URL has no content.
  enum Problem: Error, Equatable {
    case commaMissing
    case empty
    /// A byte that base64 does not have.
    case byteInvalid(UInt8)
    /// The number of characters, or the padding, is not that of whole bytes.
    case lengthInvalid
  }

  /// - Returns: nil if the URL has another scheme.
  init?(_ url: ArraySlice<UInt8>) {
    let end = url.lastIndex { !Self.isBlank($0) }.map { $0 + 1 } ?? url.startIndex
    let url = url[..<end].drop(while: Self.isBlank)
    guard Self.isEqual(url.prefix(Self.longestScheme).filter(Self.counts).prefix(5), "data:") else { return nil }
    let comma = url.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "#") }.flatMap { url[$0] == UInt8(ascii: ",") ? $0 : nil }
    encoded = comma.map { url[($0 + 1)...] }
    // Read from its end: base64, blanks and a semicolon.
    let mediaType = url[..<(comma ?? url.startIndex)].filter(Self.counts).reversed().drop(while: Self.isBlank)
    let parameters = mediaType.dropFirst(6).drop { $0 == UInt8(ascii: " ") }
    isBase64 = Self.isEqual(Array(mediaType.prefix(6).reversed())[...], "base64") && parameters.first == UInt8(ascii: ";")
  }

  /// Base64 without a URL around it.
  init(base64 encoded: ArraySlice<UInt8>) { (self.encoded, isBase64) = (encoded, true) }

  /// The content of the URL.
  func content() throws(Problem) -> [UInt8] {
    guard let encoded else { throw .commaMissing }
    let content = isBase64 ? try Base64.decode(encoded) : percentDecoded(encoded)
    guard !content.isEmpty else { throw .empty }
    return content
  }

  private func percentDecoded(_ encoded: ArraySlice<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(encoded.count)
    var rest = encoded
    while let byte = rest.popFirst(), byte != UInt8(ascii: "#") {
      guard Self.counts(byte) else { continue }
      decoded.append(byte == UInt8(ascii: "%") ? PercentEncoding.take(from: &rest) ?? byte : byte)
    }
    return decoded
  }

  /// A scheme of five letters with any line ends in it that anybody would write.
  private static let longestScheme = 64

  /// Whether a byte counts in a URL: <https://url.spec.whatwg.org/#concept-basic-url-parser>.
  private static func counts(_ byte: UInt8) -> Bool { byte != 0x09 && byte != 0x0a && byte != 0x0d }

  /// What is removed around a URL.
  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

  private static func isEqual(_ bytes: ArraySlice<UInt8>, _ lowercase: StaticString) -> Bool {
    bytes.elementsEqual(lowercase.description.utf8) { $0 == $1 || $0 | 0x20 == $1 && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }
}

extension DataURL.Problem: CustomStringConvertible {
  /// A phrase, only in ASCII, because it may become a header.
  var description: String {
    switch self {
    case .commaMissing: "a data: URL without a comma"
    case .empty: "a data: URL without content"
    case .byteInvalid(let byte) where byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_"):
      "a data: URL with '\(Unicode.Scalar(byte))', which only the URL-safe variant of base64 has; send '+' and '/' instead of '-' and '_'"
    case .byteInvalid(let byte) where (0x21...0x7e).contains(byte):
      "a data: URL with '\(Unicode.Scalar(byte))', which is not a character of base64"
    case .byteInvalid(let byte): "a data: URL with the byte 0x\(String(byte, radix: 16)), which is not a character of base64"
    case .lengthInvalid: "a data: URL whose base64 is incomplete or has wrong padding"
    }
  }
}

/// `%2B`
private enum PercentEncoding {
  /// Decodes the two digits after a `%`. If they are not hexadecimal, takes nothing and returns nil.
  static func take(from rest: inout ArraySlice<UInt8>) -> UInt8? {
    guard let high = rest.first.flatMap(digit), let low = rest.dropFirst().first.flatMap(digit) else { return nil }
    rest = rest.dropFirst(2)
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): (byte | 0x20) - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// Base64 according to the "forgiving" decoder of <https://infra.spec.whatwg.org/#forgiving-base64>, percent-encoded or not. It works in
/// one pass, because the text may be 20 MB long.
enum Base64 {
  /// - Parameter text: ends at a `#`, which begins the fragment of a URL.
  static func decode(_ text: ArraySlice<UInt8>) throws(DataURL.Problem) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count / 4 * 3 + 3)
    var rest = text
    var sextets: UInt32 = 0
    var count = 0
    var padding = 0
    while let byte = rest.popFirst(), byte != UInt8(ascii: "#") {
      let byte = byte == UInt8(ascii: "%") ? PercentEncoding.take(from: &rest) ?? byte : byte
      switch values[Int(byte)] {
      case whiteSpace: continue
      case equalsSign: padding += 1
      case let value where value < 64 && padding == 0:
        sextets = sextets << 6 | UInt32(value)
        count += 1
        guard count == 4 else { continue }
        decoded.append(UInt8(truncatingIfNeeded: sextets >> 16))
        decoded.append(UInt8(truncatingIfNeeded: sextets >> 8))
        decoded.append(UInt8(truncatingIfNeeded: sextets))
        (sextets, count) = (0, 0)
      case invalid: throw .byteInvalid(byte)
      default: throw .lengthInvalid
      }
    }
    // Padding must complete the last group of four characters, or be absent.
    guard padding == 0 || padding <= 2 && count + padding == 4 else { throw .lengthInvalid }
    switch count {
    case 0: break
    case 2: decoded.append(UInt8(truncatingIfNeeded: sextets >> 4))
    case 3:
      decoded.append(UInt8(truncatingIfNeeded: sextets >> 10))
      decoded.append(UInt8(truncatingIfNeeded: sextets >> 2))
    default: throw .lengthInvalid
    }
    return decoded
  }

  private static let whiteSpace: UInt8 = 64
  private static let equalsSign: UInt8 = 65
  private static let invalid: UInt8 = 66

  /// The value of each byte.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    for byte: UInt8 in [0x09, 0x0a, 0x0c, 0x0d, 0x20] { values[Int(byte)] = whiteSpace }
    values[Int(UInt8(ascii: "="))] = equalsSign
    return values
  }()
}
