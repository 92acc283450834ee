/// Finds matches in rows of pixels.
///
/// A pixel of a picture mostly equals its left neighbour, or the one above, or one of those beside that; or a shape comes again as far away as
/// another did just before. So these distances are tried first, and then a single place with the same six bytes, by a hash table. A bit of
/// length is given up for a short distance, which has no extra bits.
@safe
struct Matcher: ~Copyable {
  /// The last position of six bytes by their hash, counted from the first byte of the stream.
  private let places = UnsafeMutablePointer<Int32>.allocate(capacity: 1 << hashBits)
  /// How far the window has slid.
  private var slid = 0
  /// The last two distances that are no neighbour's.
  private var last = (first: Int.max, second: Int.max)

  private static let hashBits: UInt64 = 12
  private static let never = Int32(-2 * Symbols.longestDistance)
  private static let shortestMatch = 4
  /// A match of the left neighbour that is as long ends the search.
  private static let longEnough = 64

  init() { unsafe places.initialize(repeating: Self.never, count: 1 << Self.hashBits) }

  deinit { unsafe places.deallocate() }

  /// Forgets all places.
  mutating func removeAll() {
    unsafe places.update(repeating: Self.never, count: 1 << Self.hashBits)
    slid = 0
    last = (.max, .max)
  }

  /// Learns that the window has slid.
  mutating func slide(by offset: Int) { slid += offset }

  /// Appends tokens for the window's bytes, until all have one or there is no room.
  mutating func match(_ window: inout SlidingWindow, in stream: borrowing RowStream, to tokens: inout TokenBuffer) {
    let base = unsafe window.base
    let (start, end) = (window.start, window.end)
    let (nearest, pixel, above) = (stream.nearest, stream.pixelStride, stream.above * stream.stride)
    var position = window.position
    var (first, second) = last
    var sink = tokens.sink
    while position < end, sink.room >= TokenBuffer.mostAtOnce {
      let bytes = unsafe base + position
      let reach = min(position - start, Symbols.longestDistance)
      let limit = min(Symbols.longestMatch, end - position)
      var (length, distance, worth) = (0, 0, 0)
      func attempt(_ candidate: Int, _ cost: Int) {
        let needed = max(Self.shortestMatch, worth &+ cost &+ 1)
        guard candidate <= reach, needed <= limit else { return }
        let others = unsafe bytes - candidate
        guard unsafe Self.four(bytes + (needed &- 4)) == Self.four(others + (needed &- 4)) else { return }
        let found = unsafe Self.length(bytes, others, limit)
        if found >= needed { (length, distance, worth) = (found, candidate, found &- cost) }
      }
      attempt(nearest, 0)
      if length < Self.longEnough {
        attempt(above, 2)
        if length < 32 {
          attempt(above &- pixel, 2)
          attempt(above &+ pixel, 2)
          attempt(first, 2)
          attempt(second, 2)
          let slot = unsafe Int(Self.hash(bytes))
          let place = unsafe Int(places[slot])
          unsafe places[slot] = Int32(truncatingIfNeeded: position &+ slid)
          if length < 16 {
            let before = length
            attempt(position &+ slid &- place, 3)
            if length != before { (first, second) = (distance, first) }
          }
        }
      }
      if length == 0 {
        let number = min(stream.bytesToNextPixel(position &+ slid), end - position)
        unsafe sink.append(number, literals: bytes)
        position &+= number
        continue
      }
      sink.append(length: length, distance: distance)
      position &+= length
    }
    tokens.update(sink)
    last = (first, second)
    window.position = position
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    let six = unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self).littleEndian &<< 16
    return (six &* 0x9e37_79b1_85eb_ca87) &>> (64 &- hashBits)
  }

  @inline(__always)
  private static func four(_ bytes: UnsafePointer<UInt8>) -> UInt32 { unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self) }

  /// How many bytes are equal, at most `limit`.
  @inline(__always)
  private static func length(_ bytes: UnsafePointer<UInt8>, _ others: UnsafePointer<UInt8>, _ limit: Int) -> Int {
    let (bytes, others) = unsafe (UnsafeRawPointer(bytes), UnsafeRawPointer(others))
    var count = 0
    repeat {
      let difference = unsafe bytes.loadUnaligned(fromByteOffset: count, as: SIMD4<UInt64>.self)
        ^ others.loadUnaligned(fromByteOffset: count, as: SIMD4<UInt64>.self)
      if difference != .zero { break }
      count &+= 32
    } while count < limit
    while count < limit {
      let eight = unsafe bytes.loadUnaligned(fromByteOffset: count, as: UInt64.self)
      let difference = unsafe eight ^ others.loadUnaligned(fromByteOffset: count, as: UInt64.self)
      if difference != 0 { return min(count &+ difference.littleEndian.trailingZeroBitCount &>> 3, limit) }
      count &+= 8
    }
    return limit
  }
}
