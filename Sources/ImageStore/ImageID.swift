package import SharedMemory

/// The id of a stored image: a UUIDv8 (RFC 9562) written as 32 lowercase hexadecimal digits.
///
/// ```
/// ssssssss ssss 8rrr  vrrr rrrrrrrrrrrr     s: 48 bits of the store's sequence number, most significant first
/// 8: version, v: variant (binary 10…)       r: 74 bits from the kernel's generator
/// ```
///
/// The sequence number finds the image without a search. The random bits make the id impossible to guess.
public struct ImageID: Sendable, Hashable {
  package let key: RingKey

  /// Creates the id of the image with that sequence number.
  package init(sequence: UInt64) {
    // On Linux this is getrandom(2): the numbers of one worker do not reveal those of another.
    var kernel = SystemRandomNumberGenerator()
    key = RingKey(
      high: (sequence & Self.sequenceMask) << 16 | Self.version | kernel.next() & 0xfff,
      low: Self.variant | kernel.next() & ~(0b11 << 62))
  }

  init(key: RingKey) { self.key = key }

  /// Parses only the form that ``description`` returns: no hyphens, no upper case, no other version.
  public init?(_ text: some StringProtocol) { self.init(digits: Substring(text).utf8) }

  private init?(digits: Substring.UTF8View) {
    guard digits.count == 32 else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for digit in digits {
      guard let value = Self.value(ofHexadecimal: digit) else { return nil }
      words = (words.high << 4 | words.low >> 60, words.low << 4 | value)
    }
    guard words.high & 0xf000 == Self.version, words.low >> 62 == 0b10 else { return nil }
    key = RingKey(high: words.high, low: words.low)
  }

  package var sequence: UInt64 { key.high >> 16 }

  private static let sequenceMask: UInt64 = 1 << 48 - 1
  private static let version: UInt64 = 8 << 12
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
        unsafe digits[place] = Self.digit(key.high, at: place)
        unsafe digits[16 + place] = Self.digit(key.low, at: place)
      }
      return 32
    }
  }

  /// The hexadecimal digit at a place, with the most significant one first.
  private static func digit(_ word: UInt64, at place: Int) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(place))) & 0xf
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
