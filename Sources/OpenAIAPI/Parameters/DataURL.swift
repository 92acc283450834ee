/// A `data:` URL (RFC 2397), read as browsers read it: <https://fetch.spec.whatwg.org/#data-url-processor>. The scheme and `;base64` may be in
/// any case, the body may be percent-encoded, and its base64 may have white space in it and no padding at its end.
struct DataURL: Sendable, Equatable {
  /// The part after the comma.
  private let encoded: ArraySlice<UInt8>
  private let isBase64: Bool

  /// - Returns: nil if the URL has another scheme. A `data:` URL without a comma has no content.
  init?(_ url: ArraySlice<UInt8>) {
    let scheme = url.prefix(5)
    guard Self.isEqual(scheme, "data:") else { return nil }
    let comma = url.firstIndex(of: UInt8(ascii: ",")) ?? url.endIndex
    let mediaType = url[scheme.endIndex..<comma]
    encoded = url[min(comma + 1, url.endIndex)...]
    isBase64 = Self.isEqual(mediaType.filter { $0 != 0x20 }.suffix(7), ";base64")
  }

  /// Base64 without a URL around it.
  init(base64 encoded: ArraySlice<UInt8>) { (self.encoded, isBase64) = (encoded, true) }

  /// The content of the URL; nil if it has none or its base64 is not valid.
  func content() -> [UInt8]? {
    let content = isBase64 ? Base64.decode(encoded) : percentDecoded
    return content?.isEmpty == false ? content : nil
  }

  private var percentDecoded: [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(encoded.count)
    var rest = encoded
    while let byte = rest.popFirst() { decoded.append(byte == UInt8(ascii: "%") ? PercentEncoding.take(from: &rest) ?? byte : byte) }
    return decoded
  }

  private static func isEqual(_ bytes: ArraySlice<UInt8>, _ lowercase: StaticString) -> Bool {
    bytes.elementsEqual(lowercase.description.utf8) { $0 == $1 || $0 | 0x20 == $1 && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
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
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count / 4 * 3 + 3)
    var rest = text
    var sextets: UInt32 = 0
    var count = 0
    var padding = 0
    while let byte = rest.popFirst() {
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
      default: return nil
      }
    }
    // Padding must complete the last group of four characters, or be absent.
    guard padding == 0 || padding <= 2 && count + padding == 4 else { return nil }
    switch count {
    case 0: break
    case 2: decoded.append(UInt8(truncatingIfNeeded: sextets >> 4))
    case 3:
      decoded.append(UInt8(truncatingIfNeeded: sextets >> 10))
      decoded.append(UInt8(truncatingIfNeeded: sextets >> 2))
    default: return nil
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
