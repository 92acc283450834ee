/// RGB rows with PNG's filter byte in place, so that the frame buffer *is* the input of the compressor.
///
/// ```
/// row y:  │ 0 │ r g b │ r g b │ … │      stride = 1 + 3 · width, the filter byte is always 0 (None)
/// ```
///
/// A canvas holds all rows of a picture, or one band of them at a time. Drawing code uses the coordinates of the whole picture and skips
/// the rows that the canvas does not hold.
///
/// One canvas serves its renderer for life: ``resize(to:)`` keeps the allocation if it is large enough, because the page faults of a fresh
/// 3 MiB buffer cost more than drawing on it.
package struct Canvas: ~Copyable {
  /// The size of the picture.
  package private(set) var size: PictureSize
  /// The rows of the picture that the canvas holds.
  package private(set) var band: Range<Int>
  private var storage: [UInt8]
  /// How often the canvas has allocated memory.
  package private(set) var allocationCount = 1
  /// Tiles that were drawn for earlier pictures.
  var tiles = TileCache()

  package init(size: PictureSize) {
    self.size = size
    band = 0..<size.height
    storage = [UInt8](repeating: 0, count: Self.byteCount(size, rows: size.height))
  }

  /// The number of rows in a band of a picture of this size.
  static func bandHeight(_ size: PictureSize) -> Int { max(1, min(size.height, bandByteCount / (1 + 3 * size.width))) }

  /// The size of a picture of 1024 by 1024 pixels, so that the usual picture is drawn at once and a larger one needs no more memory.
  /// Smaller bands would fit the processor's caches better, but each band is compressed without the ones above it and repeats their work.
  private static let bandByteCount = (1 + 3 * 1024) * 1024

  /// Bytes from one row's filter byte to the next one's.
  package var stride: Int { 1 + 3 * size.width }

  /// The bytes that the canvas occupies, used or not.
  package var capacity: Int { storage.capacity }

  /// Changes to another size and holds all of its rows. Filter bytes are in place, but the pixels are left over from before, so paint a
  /// background first.
  package mutating func resize(to newSize: PictureSize) { resize(to: newSize, band: 0..<newSize.height) }

  /// Changes to another size and holds a band of its rows; otherwise like ``resize(to:)``.
  mutating func resize(to newSize: PictureSize, band newBand: Range<Int>) {
    let isAsBefore = newSize.width == size.width && newBand.count == band.count
    (size, band) = (newSize, newBand)
    guard !isAsBefore else { return }
    let missing = Self.byteCount(newSize, rows: newBand.count) - storage.count
    if storage.count + missing > storage.capacity { allocationCount += 1 }
    if missing < 0 { storage.removeLast(-missing) } else { storage.append(contentsOf: repeatElement(0, count: missing)) }
    for row in 0..<newBand.count { storage[row * stride] = 0 }
  }

  /// Reads the rows that the canvas holds, filter bytes included. (A property cannot return a `Span` without the experimental `Lifetimes`
  /// feature.)
  package func withRows<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(storage.span)
  }

  /// Gives write access to the rows that the canvas holds. The body must leave the filter bytes at 0.
  package mutating func withMutableRows<Result, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var rows = storage.mutableSpan
    return try body(&rows)
  }

  /// The offset of a pixel's red byte in the rows.
  func offset(x: Int, y: Int) -> Int { (y - band.lowerBound) * stride + 1 + 3 * x }

  private static func byteCount(_ size: PictureSize, rows: Int) -> Int { (1 + 3 * size.width) * rows }
}

extension Canvas {
  /// Removes the detail that an unfinished picture does not show yet: each square gets the mean colour of its pixels.
  mutating func reduce(to stage: RenderStage) {
    guard case .coarse(let squares) = stage else { return }
    let side = max(1, max(size.width, size.height) / max(1, squares))
    guard side > 1 else { return }
    let (width, height, stride) = (size.width, size.height, stride)
    withMutableRows { rows in
      for top in Swift.stride(from: 0, to: height, by: side) {
        let band = top..<min(top + side, height)
        for left in Swift.stride(from: 0, to: width, by: side) {
          rows.flatten(columns: left..<min(left + side, width), rows: band, stride: stride)
        }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Gives all pixels of a box their mean colour.
  fileprivate mutating func flatten(columns: Range<Int>, rows: Range<Int>, stride: Int) {
    let count = columns.count * rows.count
    var sum: (red: Int, green: Int, blue: Int) = (count / 2, count / 2, count / 2)
    for y in rows {
      for x in columns {
        let offset = y * stride + 1 + 3 * x
        sum = (sum.red + Int(self[offset]), sum.green + Int(self[offset + 1]), sum.blue + Int(self[offset + 2]))
      }
    }
    let mean = (red: UInt8(sum.red / count), green: UInt8(sum.green / count), blue: UInt8(sum.blue / count))
    for y in rows {
      for x in columns {
        let offset = y * stride + 1 + 3 * x
        (self[offset], self[offset + 1], self[offset + 2]) = mean
      }
    }
  }
}
