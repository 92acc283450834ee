/// Deflate's two alphabets (RFC 1951, 3.2.5): literals and match lengths, and distances. A symbol may stand for several values, which extra
/// bits tell apart.
enum Symbols {
  /// Bytes, the end of the block, and 29 symbols of lengths.
  static let literalCount = 286
  static let distanceCount = 30
  /// Both alphabets, one behind the other.
  static let count = literalCount + distanceCount
  static let endOfBlock = 256
  static let longestMatchSymbol = 285
  static let shortestMatch = 3
  static let longestMatch = 258
  static let longestDistance = 32768

  /// The symbol of a match length: eight lengths have one each, then four symbols each have 1, 2, … extra bits, and the longest has its own.
  static func symbol(ofLength length: Int) -> Int {
    let offset = length - shortestMatch
    guard length < longestMatch else { return longestMatchSymbol }
    let extra = max(0, Int.bitWidth - 3 - offset.leadingZeroBitCount)
    return endOfBlock + 1 + 4 * extra + offset >> extra
  }

  /// The number of extra bits of a symbol of a length.
  static func extraBits(ofLengthSymbol symbol: Int) -> Int {
    symbol < endOfBlock + 9 || symbol >= longestMatchSymbol ? 0 : (symbol - endOfBlock - 1) / 4 - 1
  }

  /// The number of extra bits of a distance: four distances have a symbol each, then two symbols each have 1, 2, … extra bits.
  @inline(__always)
  static func extraBits(ofDistance distance: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: max(0, 30 &- (distance &- 1).leadingZeroBitCount))
  }

  /// The symbol of a distance.
  @inline(__always)
  static func symbol(ofDistance distance: UInt32) -> UInt32 {
    let extra = extraBits(ofDistance: distance)
    return 2 &* extra &+ (distance &- 1) &>> extra
  }

  static func extraBits(ofDistanceSymbol symbol: Int) -> Int { max(0, symbol / 2 - 1) }
}
