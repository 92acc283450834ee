import CBytes

/// Finds what recurs in rows of pixels.
///
/// A pixel mostly equals its left neighbour or the one above, or it belongs to a shape that recurs. So two matches are compared at each place:
/// with the pixel to the left, and with the row above. Unless one of them has 32 bytes, the last place that began with the same six bytes,
/// which a hash table knows, is a third one. The longest is taken, the nearest of equally long ones. If none has three bytes, the rest of the
/// pixel becomes literals, because hardly a match begins within a pixel.
///
/// What decides is found without a branch wherever it is hard to predict: a branch that was predicted wrongly costs as much as comparing three
/// times 32 bytes. The rows are read where they are.
struct RowMatcher: ~Copyable {
  private var places = RecentPlaces()
  /// The place of the next rows' first byte.
  private var nextPlace = RecentPlaces.first

  /// The bytes that are compared at once.
  private static let width = 32

  /// Forgets all rows.
  mutating func removeAll() {
    places.removeAll()
    nextPlace = RecentPlaces.first
  }

  /// Appends tokens for the bytes of some rows, as long as there is room for tokens.
  ///
  /// - Parameters:
  ///   - rows: whole rows.
  ///   - first: 0, or where the last call for the same rows stopped.
  ///   - history: the number of bytes right before them that were matched before and can still be read.
  /// - Returns: where the tokens became full, or the end of the rows.
  mutating func match(
    _ rows: UnsafeRawBufferPointer, from first: Int, _ shape: RowShape, history: Int = 0, to tokens: inout Tokens
  ) -> Int {
    guard let start = rows.baseAddress else { return 0 }
    // Numbers that the compiler knows make it faster.
    let end =
      unsafe shape.pixelStride == 3
      ? match(start, first, rows.count, shape.stride, 3, history, &tokens)
      : match(start, first, rows.count, shape.stride, 4, history, &tokens)
    if end == rows.count { nextPlace &+= UInt32(truncatingIfNeeded: end) }
    return end
  }

  @inline(__always)
  private mutating func match(
    _ start: UnsafeRawPointer, _ first: Int, _ end: Int, _ stride: Int, _ pixel: Int, _ history: Int, _ tokens: inout Tokens
  ) -> Int {
    var sink = tokens.sink
    var position = first
    var rowStart = first / stride * stride
    while position < end, !sink.isFull {
      let here = unsafe start + position
      let left = end &- position
      let reach = min(history &+ position, Symbols.longestDistance)
      var (length, distance) = (0, pixel)
      if left >= Self.width, reach >= pixel {
        let above = reach >= stride ? stride : pixel
        let place = nextPlace &+ UInt32(truncatingIfNeeded: position)
        let last = unsafe Int(place &- places.exchange(place, of: here))
        // The length, and which distance: of equal lengths, the nearest.
        var best = unsafe max(Self.equalBytes(here, at: pixel) &<< 2 | 2, Self.equalBytes(here, at: above) &<< 2 | 1)
        distance = best & 2 != 0 ? pixel : above
        if best < Self.width &<< 2 {
          let far = last <= reach ? last : above
          best = unsafe max(best, Self.equalBytes(here, at: far) &<< 2)
          distance = best & 2 != 0 ? pixel : best & 1 != 0 ? above : far
        }
        length = best &>> 2
        if length == Self.width {
          length = unsafe Self.equalBytes(here, at: distance, from: Self.width, limit: min(left, Tokens.longestMatch))
        }
      } else if reach >= pixel {
        length = unsafe Self.equalBytes(here, at: pixel, from: 0, limit: left)
      }
      if length >= Symbols.shortestMatch {
        sink.append(length: length, distance: distance)
        position &+= length
      } else {
        while position &- rowStart >= stride { rowStart &+= stride }
        let count = pixel &- (position &- rowStart &+ pixel &- 1) % pixel
        for index in 0..<count { unsafe sink.append(here.load(fromByteOffset: index, as: UInt8.self)) }
        position &+= count
      }
    }
    tokens.update(sink)
    return position
  }

  /// How many of the first 32 bytes equal those at a distance.
  @inline(__always)
  private static func equalBytes(_ bytes: UnsafeRawPointer, at distance: Int) -> Int {
    unsafe Int(cbytes_equal_of_32(bytes, bytes - distance))
  }

  /// How many bytes equal those at a distance, if the first ones do.
  ///
  /// - Parameter limit: the most.
  @inline(__always)
  private static func equalBytes(_ bytes: UnsafeRawPointer, at distance: Int, from first: Int, limit: Int) -> Int {
    var count = first
    while count &+ 64 <= limit {
      let equal = unsafe Int(cbytes_equal_of_64(bytes + count, bytes + count - distance))
      // No sum of what was equal: the next comparison would wait for it.
      if equal < 64 { return count &+ equal }
      count &+= 64
    }
    let others = unsafe bytes - distance
    while count < limit, unsafe bytes.load(fromByteOffset: count, as: UInt8.self) == others.load(fromByteOffset: count, as: UInt8.self) {
      count &+= 1
    }
    return count
  }
}
