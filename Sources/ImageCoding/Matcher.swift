/// Finds matches in rows of pixels.
///
/// A pixel of a picture mostly equals its left neighbour, or the one above, or one of those beside that; or a shape recurs as far away as
/// another did just before. So these distances are tried first, and then one place that had the same six bytes, which a hash table knows. A
/// short distance has no extra bits, so a longer one must be worth some bytes more.
struct Matcher: ~Copyable {
  private var places = RecentPlaces()
  /// How far the window has slid.
  private var slid = 0
  /// The last two distances that the hash table led to; too far for a match if there are none.
  private var last = (first: Int.max, second: Int.max)

  /// A match of the nearest pixel that is as long ends the search, whatever else may be longer.
  private static let longEnough = 64
  /// A match of the pixel above that is as long ends it too.
  private static let longAbove = 32
  /// The hash table is not worth a look behind a match that is as long.
  private static let longBeforeHash = 16

  /// Forgets all places.
  mutating func removeAll() {
    places.removeAll()
    slid = 0
    last = (.max, .max)
  }

  /// Learns that the window has slid, or has lost that many bytes.
  mutating func slide(by offset: Int) { slid += offset }

  /// Appends tokens for the window's bytes, until all have one or there is no room.
  mutating func match(_ window: inout SlidingWindow, in stream: borrowing RowStream, to tokens: inout TokenBuffer) {
    let (start, end) = (window.start, window.end)
    let pixel = stream.pixelStride
    let (nearest, above) = (stream.nearest, stream.above * stream.stride)
    var position = window.position
    var sink = tokens.sink
    while position < end, sink.room >= TokenBuffer.mostAtOnce {
      var search = unsafe MatchSearch(at: window.base + position, reach: position - start, limit: end - position)
      search.attempt(nearest, cost: 0)
      if search.length < Self.longEnough {
        search.attempt(above, cost: 2)
        if search.length < Self.longAbove {
          search.attempt(above &- pixel, cost: 2)
          search.attempt(above &+ pixel, cost: 2)
          attemptFurther(&search, position &+ slid)
        }
      }
      if search.length == 0 {
        // Hardly a match begins within a pixel.
        let count = min(stream.bytesToNextPixel(position &+ slid), end &- position)
        unsafe sink.append(count, literals: search.bytes)
        position &+= count
      } else {
        sink.append(length: search.length, distance: search.distance)
        position &+= search.length
      }
    }
    tokens.update(sink)
    window.position = position
  }

  /// Tries the last distances, and the place with the same bytes.
  ///
  /// - Parameter place: of the bytes in the stream.
  @inline(__always)
  private mutating func attemptFurther(_ search: inout MatchSearch, _ place: Int) {
    search.attempt(last.first, cost: 2)
    search.attempt(last.second, cost: 2)
    let distance = unsafe place &- places.exchange(place, of: search.bytes)
    guard search.length < Self.longBeforeHash, search.attempt(distance, cost: 3) else { return }
    last = (distance, last.first)
  }
}
