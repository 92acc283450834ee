import SystemCalls

/// The IDs of a store on disk:
///
/// ```
/// mmmmmmmf ffff 8rrr  vrrr rrrrrrrrrrrr     m: 28 bits, the minute in which the image expires, counted from 1970
/// f: 17 bits, the part of that minute in units of 60 s / 2¹⁷ (0.46 ms), then 3 bits for the format
/// 8: version, v: variant (binary 10…)       r: 74 bits from the kernel's generator
/// ```
///
/// An ID therefore leads to its file without a search: its first seven digits are the name of a directory, see ``DiskDirectory``. The IDs
/// of one directory, sorted, are in the order in which they expire. The random bits make it impossible to guess an ID.
extension ImageID {
  /// Creates the ID of an image that expires at that time, in nanoseconds since 1970.
  init(expires: Int64, format: ImageFormat) {
    let (minute, rest) = expires.quotientAndRemainder(dividingBy: DiskMinute.nanoseconds)
    let fraction = UInt64(rest) << Self.fractionBits / UInt64(DiskMinute.nanoseconds)
    // On Linux this is getrandom(2): the numbers of one worker reveal nothing about those of another.
    var kernel = SystemRandomNumberGenerator()
    let known = UInt64(minute) << 36 | fraction << 19 | UInt64(format.tag) << 16
    self.init(high: known | kernel.next() & 0xfff, low: kernel.next())
  }

  private static let fractionBits: UInt64 = 17

  /// The minute in which the image expires.
  var minute: DiskMinute { DiskMinute(number: high >> 36) }

  /// When the image expires, in nanoseconds since 1970: at most half a millisecond before the time for which the ID was made.
  var expires: Int64 {
    let fraction = high >> 19 & (1 << Self.fractionBits - 1)
    return minute.start + Int64(fraction * UInt64(DiskMinute.nanoseconds) >> Self.fractionBits)
  }

  /// nil for an ID that no store has made.
  var format: ImageFormat? { ImageFormat(tag: UInt32(high >> 16 & 7)) }
}

/// A minute since 1970, and the directory of the images that expire in it.
struct DiskMinute: Hashable, Comparable {
  let number: UInt64

  static let nanoseconds = 60 * WallClock.nanosecondsPerSecond

  /// The digits of a name.
  static let digits = 7

  private static let last = UInt64(WallClock.last / nanoseconds)

  init(number: UInt64) { self.number = number }

  /// - Parameter time: nanoseconds since 1970.
  init(of time: Int64) { number = UInt64(time / Self.nanoseconds) }

  /// Exactly the form of ``name``: seven lowercase hexadecimal digits.
  init?(name: String) {
    let isName = name.utf8.count == Self.digits && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard isName, let number = UInt64(name, radix: 16) else { return nil }
    self.number = number
  }

  /// The name of the directory, which is also the beginning of its images' IDs.
  var name: String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, Self.digits - digits.count)) + digits
  }

  /// In nanoseconds since 1970. Of a minute that no clock will show, which a forged ID can have, it is that of the last minute.
  var start: Int64 { Int64(min(number, Self.last)) * Self.nanoseconds }
  var end: Int64 { start + Self.nanoseconds }

  static func < (one: DiskMinute, other: DiskMinute) -> Bool { one.number < other.number }
}
