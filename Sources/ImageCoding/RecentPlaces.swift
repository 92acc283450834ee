/// A hash table of the places in a stream at which six bytes were met, one place for each hash.
@safe
struct RecentPlaces: ~Copyable {
  private let places = UnsafeMutablePointer<Int32>.allocate(capacity: 1 << bits)

  /// The bits of a hash. A table of 16 KiB leaves half of the processor's first cache to the bytes.
  private static let bits: UInt64 = 12
  /// A place from which no byte of the stream is near enough for a match.
  private static let never = Int32(-2 * Symbols.longestDistance)

  init() { unsafe places.initialize(repeating: Self.never, count: 1 << Self.bits) }

  deinit { unsafe places.deallocate() }

  mutating func removeAll() { unsafe places.update(repeating: Self.never, count: 1 << Self.bits) }

  /// Remembers where bytes are.
  ///
  /// - Parameter bytes: eight that can be read; the first six count.
  /// - Returns: where bytes of the same hash were before.
  @inline(__always)
  mutating func exchange(_ place: Int, of bytes: UnsafePointer<UInt8>) -> Int {
    let six = unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self).littleEndian &<< 16
    // Fibonacci hashing: the highest bits depend on all others (Knuth, volume 3, section 6.4).
    let hash = Int((six &* 0x9e37_79b1_85eb_ca87) &>> (64 &- Self.bits))
    defer { unsafe places[hash] = Int32(truncatingIfNeeded: place) }
    return unsafe Int(places[hash])
  }
}
