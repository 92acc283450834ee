/// The bytes to compress next, and those that matches refer to: PNG's filtered rows, in a buffer small enough for the processor's cache.
///
/// ```
/// │ 32 KiB of history │ bytes that are to be matched │ room │ margin │
/// 0 ≤ start          position                       end
/// ```
///
/// When the room is used up, ``slide()`` moves the history to the beginning.
@safe
struct SlidingWindow: ~Copyable {
  /// Bytes behind the end that may be read, whatever they are, so that bytes can be compared many at a time.
  static let margin = 64
  private static let capacity = 4 * Symbols.longestDistance

  private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + margin)
  /// The first byte that a match may refer to.
  private(set) var start = 0
  /// The first byte that no token stands for.
  var position = 0
  private(set) var end = 0

  init() { unsafe bytes.initialize(repeating: 0, count: Self.capacity + Self.margin) }

  deinit { unsafe bytes.deallocate() }

  /// The address of all bytes, by which the indices count.
  var base: UnsafePointer<UInt8> { unsafe UnsafePointer(bytes) }

  subscript(_ index: Int) -> UInt8 {
    get { unsafe bytes[index] }
    set { unsafe bytes[index] = newValue }
  }

  subscript(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count)
  }

  var room: Int { Self.capacity - end }

  /// Forgets all bytes.
  mutating func removeAll() { (start, position, end) = (0, 0, 0) }

  /// Appends bytes, or their differences from others.
  ///
  /// - Precondition: there is room.
  mutating func append(_ source: UnsafeRawBufferPointer, minus others: UnsafeRawPointer?) {
    precondition(source.count <= room)
    let target = unsafe bytes + end
    end += source.count
    guard let start = source.baseAddress else { return }
    guard let others = unsafe others else {
      unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
      return
    }
    let (first, second) = unsafe (start.assumingMemoryBound(to: UInt8.self), others.assumingMemoryBound(to: UInt8.self))
    for index in 0..<source.count { unsafe target[index] = first[index] &- second[index] }
  }

  /// Appends a row that needs no match.
  ///
  /// - Precondition: there is room.
  mutating func append(_ row: RepeatedRow) {
    precondition(row.stride <= room)
    unsafe bytes[end] = RowFilter.up.rawValue
    unsafe (bytes + end + 1).update(repeating: 0, count: row.stride - 1)
    end += row.stride
    position = end
  }

  /// Makes room.
  /// - Returns: by how much all indices are smaller now.
  mutating func slide() -> Int {
    let offset = max(0, position - Symbols.longestDistance)
    unsafe bytes.update(from: bytes + offset, count: end - offset)
    start = max(0, start - offset)
    position -= offset
    end -= offset
    return offset
  }
}
