/// RGB rows with PNG's filter byte in place, so that the frame buffer *is* the input of the compressor.
///
/// ```
/// row y:  │ 0 │ r g b │ r g b │ … │      stride = 1 + 3 · width, the filter byte is always 0 (None)
/// ```
///
/// One canvas serves its renderer for life: ``resize(to:)`` keeps the allocation where it is large enough, because the page faults of
/// a fresh 3 MiB buffer cost more than drawing on it.
package struct Canvas: ~Copyable {
  package private(set) var size: PictureSize
  private var storage: [UInt8]
  /// How often memory was asked for.
  package private(set) var allocationCount = 1
  /// What it was covered with before.
  var tiles = TileCache()

  package init(size: PictureSize) {
    self.size = size
    storage = [UInt8](repeating: 0, count: Self.byteCount(size))
  }

  /// Bytes from one row's filter byte to the next one's.
  package var stride: Int { 1 + 3 * size.width }

  /// Bytes that it occupies, used or not.
  package var capacity: Int { storage.capacity }

  /// Takes another size. Filter bytes are in place; the pixels are whatever was there before, so a background comes first.
  package mutating func resize(to newSize: PictureSize) {
    guard newSize != size else { return }
    size = newSize
    let missing = Self.byteCount(newSize) - storage.count
    if storage.count + missing > storage.capacity { allocationCount += 1 }
    if missing < 0 { storage.removeLast(-missing) } else { storage.append(contentsOf: repeatElement(0, count: missing)) }
    for row in 0..<newSize.height { storage[row * stride] = 0 }
  }

  /// Reads all rows, filter bytes included. (A property cannot return a `Span` without the experimental `Lifetimes` feature.)
  package func withRows<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(storage.span)
  }

  /// Draws on all rows; whoever does leaves the filter bytes at 0.
  package mutating func withMutableRows<Result, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var rows = storage.mutableSpan
    return try body(&rows)
  }

  /// Where the pixel's red byte lies among the rows.
  func offset(x: Int, y: Int) -> Int { y * stride + 1 + 3 * x }

  private static func byteCount(_ size: PictureSize) -> Int { (1 + 3 * size.width) * size.height }
}
