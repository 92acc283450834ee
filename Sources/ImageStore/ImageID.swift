/// Identifies a stored image: 128 opaque bits in the form of a UUIDv8 (RFC 9562), written as 32 lowercase hexadecimal digits.
///
/// Each store defines the content of these bits. It must not be possible to guess an ID.
public struct ImageID: Sendable, Hashable {
  package let high: UInt64
  package let low: UInt64

  /// - Parameters:
  ///   - high: the more significant half; its version field is set.
  ///   - low: the other half; its variant field is set.
  package init(high: UInt64, low: UInt64) {
    self.high = high & ~Self.versionMask | Self.version
    self.low = low & ~Self.variantMask | Self.variant
  }

  /// Parses exactly the form of ``description``: no hyphens, no upper case, no other version.
  public init?(_ text: some StringProtocol) {
    let text = Substring(text)
    self.init(digits: text.utf8.span)
  }

  private init?(digits: Span<UInt8>) {
    guard digits.count == Self.length else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for index in digits.indices {
      guard let value = Self.value(ofHexadecimal: digits[index]) else { return nil }
      words = (words.high << 4 | words.low >> 60, words.low << 4 | value)
    }
    guard words.high & Self.versionMask == Self.version, words.low & Self.variantMask == Self.variant else { return nil }
    (high, low) = words
  }

  /// The number of digits.
  package static let length = 32

  private static let versionMask: UInt64 = 0xf000
  private static let version: UInt64 = 8 << 12
  private static let variantMask: UInt64 = 0b11 << 62
  private static let variant: UInt64 = 0b10 << 62

  private static func value(ofHexadecimal digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
    default: nil
    }
  }
}

extension ImageID: CustomStringConvertible {
  public var description: String {
    unsafe String(unsafeUninitializedCapacity: 32) { digits in
      for place in 0..<16 {
        unsafe digits[place] = Self.digit(high, at: place)
        unsafe digits[16 + place] = Self.digit(low, at: place)
      }
      return 32
    }
  }

  /// The hexadecimal digit at `place`, the most significant first.
  private static func digit(_ word: UInt64, at place: Int) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(place))) & 0xf
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
