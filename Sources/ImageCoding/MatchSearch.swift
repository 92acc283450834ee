/// The search for the longest match of the bytes at one place.
@safe
struct MatchSearch {
  /// The bytes to match.
  let bytes: UnsafePointer<UInt8>
  /// The longest distance and the longest match.
  private let (reach, limit): (Int, Int)
  /// The best match so far; 0 for none.
  private(set) var (length, distance) = (0, 0)
  /// The length less the cost of the distance.
  private var worth = 0

  private static let shortestMatch = 4

  /// - Parameters:
  ///   - bytes: the bytes to match, of which ``SlidingWindow/margin`` more may be read than there are.
  ///   - reach: how many bytes are before them.
  ///   - limit: how many they are.
  init(at bytes: UnsafePointer<UInt8>, reach: Int, limit: Int) {
    unsafe self.bytes = bytes
    (self.reach, self.limit) = (min(reach, Symbols.longestDistance), min(limit, Symbols.longestMatch))
  }

  /// Compares the bytes with those at a distance.
  ///
  /// - Parameters:
  ///   - distance: at least 1; too far away is no match.
  ///   - cost: the bytes of length that the distance must be worth.
  /// - Returns: whether this is the best match so far.
  @inline(__always) @discardableResult
  mutating func attempt(_ distance: Int, cost: Int) -> Bool {
    let needed = max(Self.shortestMatch, worth &+ cost &+ 1)
    guard distance <= reach, needed <= limit else { return false }
    let others = unsafe bytes - distance
    // The last four of the bytes that are needed differ most often.
    guard unsafe Self.four(bytes + (needed &- 4)) == Self.four(others + (needed &- 4)) else { return false }
    let found = unsafe equalBytes(others)
    guard found >= needed else { return false }
    (length, self.distance, worth) = (found, distance, found &- cost)
    return true
  }

  @inline(__always)
  private static func four(_ bytes: UnsafePointer<UInt8>) -> UInt32 { unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self) }

  /// How many bytes are equal, at most ``limit``: 32 at a time as long as they are, then 8.
  @inline(__always)
  private func equalBytes(_ others: UnsafePointer<UInt8>) -> Int {
    let (bytes, others) = unsafe (UnsafeRawPointer(bytes), UnsafeRawPointer(others))
    var count = 0
    repeat {
      let vector = unsafe bytes.loadUnaligned(fromByteOffset: count, as: SIMD4<UInt64>.self)
      guard unsafe vector == others.loadUnaligned(fromByteOffset: count, as: SIMD4<UInt64>.self) else { break }
      count &+= 32
    } while count < limit
    while count < limit {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: count, as: UInt64.self)
      let difference = unsafe word ^ others.loadUnaligned(fromByteOffset: count, as: UInt64.self)
      if difference != 0 { return min(count &+ difference.littleEndian.trailingZeroBitCount &>> 3, limit) }
      count &+= 8
    }
    return limit
  }
}
