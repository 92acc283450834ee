/// Colours with a number for each, in a hash table with open addressing. A colour is 0xRRGGBB or ``RowPixels/transparent``.
@safe
struct ColourTable: ~Copyable {
  /// The number of colours.
  private(set) var count = 0
  /// A colour plus 1, so that it is not 0, in the upper half, and its number in the lower half; 0 for none.
  private var entries: UnsafeMutablePointer<UInt64>
  /// The number of places is a power of two, at least twice the number of colours: few places are soon in the cache.
  private var bits: Int

  private static let fewestBits = 12

  /// The most colours to distinguish. Only photographs have more, and their lowest bits are noise.
  static let limit = 1 << 15

  init() {
    bits = Self.fewestBits
    unsafe entries = Self.places(bits)
  }

  deinit { unsafe entries.deallocate() }

  private static func places(_ bits: Int) -> UnsafeMutablePointer<UInt64> {
    let places = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << bits)
    unsafe places.initialize(repeating: 0, count: 1 << bits)
    return unsafe places
  }

  mutating func removeAll() {
    unsafe entries.update(repeating: 0, count: 1 << bits)
    count = 0
  }

  /// Each colour with its number.
  var all: [(colour: UInt32, number: UInt32)] {
    unsafe UnsafeBufferPointer(start: entries, count: 1 << bits).filter { $0 != 0 }
      .map { (UInt32($0 >> 32) - 1, UInt32(truncatingIfNeeded: $0)) }
  }

  /// The number of a colour; nil if the table does not have it.
  @inline(__always)
  subscript(colour: UInt32) -> UInt32? {
    let entry = unsafe entries[place(of: colour)]
    return entry == 0 ? nil : UInt32(truncatingIfNeeded: entry)
  }

  /// Adds to the number of a colour, which begins with 0. A table that is full takes no more colours.
  @inline(__always)
  mutating func add(_ number: UInt32, to colour: UInt32) {
    let place = place(of: colour)
    if unsafe entries[place] == 0 { insert(number, of: colour, at: place) } else { unsafe entries[place] &+= UInt64(number) }
  }

  /// One colour more than the limit is kept, so that ``count`` tells that there are too many.
  private mutating func insert(_ number: UInt32, of colour: UInt32, at place: Int) {
    guard count <= Self.limit else { return }
    unsafe entries[place] = UInt64(colour + 1) << 32 | UInt64(number)
    count += 1
    if 2 * count > 1 << bits { grow() }
  }

  private mutating func grow() {
    let (old, oldCount) = unsafe (entries, 1 << bits)
    bits += 1
    unsafe entries = Self.places(bits)
    for place in 0..<oldCount where unsafe old[place] != 0 {
      unsafe entries[self.place(of: UInt32(old[place] >> 32) - 1)] = old[place]
    }
    unsafe old.deallocate()
  }

  /// The place of a colour, or the empty one that it can have.
  @inline(__always)
  private func place(of colour: UInt32) -> Int {
    // Knuth's multiplicative hashing: 2³² divided by the golden ratio.
    var place = Int((colour &* 2_654_435_769) &>> UInt32(32 &- bits))
    while true {
      let entry = unsafe entries[place]
      if entry == 0 || entry >> 32 == UInt64(colour &+ 1) { return place }
      place = (place &+ 1) & (1 &<< bits &- 1)
    }
  }
}
