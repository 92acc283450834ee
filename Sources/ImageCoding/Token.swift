/// What a block consists of: bytes and then a match of earlier bytes, or bytes alone, or rows that equal the one above.
///
/// ```
/// match          literals before (9), at most 510 │ length − 3 (8) │ distance − 1 (15)
/// literals       511 (9) │ 0 │ number (22)
/// repeated rows  511 (9) │ 1 │ number (22)
/// ```
///
/// The literals themselves are in a buffer of their own.
struct Token {
  let bits: UInt32

  /// The most literals before a match.
  static let mostLiterals = 510
  /// The most literals alone, or the most rows.
  static let most = 1 << 22 - 1

  private static let alone: UInt32 = 511 << 23
  private static let rows: UInt32 = 1 << 22

  /// - Parameters:
  ///   - length: 3 to 258.
  ///   - distance: 1 to 32768.
  @inline(__always)
  init(literals: Int, length: Int, distance: Int) {
    bits = UInt32(truncatingIfNeeded: literals) &<< 23 | UInt32(truncatingIfNeeded: (length &- 3) &<< 15 | (distance &- 1))
  }

  /// - Parameter literals: at most ``most``.
  init(literals: Int) { bits = Self.alone | UInt32(literals) }

  /// - Parameter repeatedRows: at most ``most``.
  init(repeatedRows: Int) { bits = Self.alone | Self.rows | UInt32(repeatedRows) }

  var isMatch: Bool { bits < Self.alone }
  /// Of a match: the literals before it.
  var literalCount: Int { Int(bits &>> 23) }
  /// Of a match: its length − 3.
  var length: Int { Int(bits &>> 15 & 255) }
  /// Of a match: its distance.
  var distance: UInt32 { bits & 0x7fff &+ 1 }

  var isRows: Bool { bits & Self.rows != 0 }
  /// Of all others: how many.
  var number: Int { Int(bits & (Self.rows - 1)) }
}
