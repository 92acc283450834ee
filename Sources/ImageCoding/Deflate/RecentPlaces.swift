/// A hash table of the places at which six bytes were met, one place for each hash.
@safe
struct RecentPlaces: ~Copyable {
  private let places = UnsafeMutablePointer<UInt32>.allocate(capacity: 1 << bits)

  /// The bits of a hash. A table of 16 KiB leaves half of the processor's first cache to the bytes.
  private static let bits: UInt64 = 12
  /// The lowest place, so far from 0 that no match can have that distance.
  static let first = UInt32(2 * Symbols.longestDistance)

  init() { removeAll() }

  deinit { unsafe places.deallocate() }

  mutating func removeAll() { unsafe places.initialize(repeating: 0, count: 1 << Self.bits) }

  /// Remembers where bytes are.
  ///
  /// - Parameter bytes: eight that can be read; the first six count.
  /// - Returns: where bytes of the same hash were before; 0 if nowhere.
  @inline(__always)
  mutating func exchange(_ place: UInt32, of bytes: UnsafeRawPointer) -> UInt32 {
    let six = unsafe bytes.loadUnaligned(as: UInt64.self).littleEndian &<< 16
    // Fibonacci hashing: the highest bits depend on all others (Knuth, volume 3, section 6.4).
    let hash = Int((six &* 0x9e37_79b1_85eb_ca87) &>> (64 &- Self.bits))
    defer { unsafe places[hash] = place }
    return unsafe places[hash]
  }
}
