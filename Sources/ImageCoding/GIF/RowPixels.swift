import Glibc

/// The pixels of rows that begin with PNG's filter byte.
@safe
struct RowPixels {
  let width: Int
  let height: Int
  private let channels: Int
  private let bytes: UnsafeRawPointer

  /// A pixel whose alpha is below one half, among colours of 24 bits.
  static let transparent: UInt32 = 1 << 24

  /// - Parameters:
  ///   - bytes: the rows, 1 + `channels`·`width` bytes each. They must not change while the view is in use.
  ///   - channels: 3, or 4 with alpha.
  init(_ bytes: UnsafeRawBufferPointer, width: Int, height: Int, channels: Int) {
    precondition(bytes.count == (1 + channels * width) * height && width > 0 && height > 0, "rows of another size")
    (self.width, self.height, self.channels) = (width, height, channels)
    unsafe self.bytes = bytes.baseAddress!
  }

  /// Whether a row has the bytes of the row above it.
  func isLikeRowAbove(_ y: Int) -> Bool {
    guard y > 0 else { return false }
    let count = channels * width
    let row = unsafe row(y)
    return unsafe memcmp(row, row - count - 1, count) == 0
  }

  /// Whether a part of a row has the bytes of the part above it. Parts of eight pixels are compared fast.
  @inline(__always) func isLikeAbove(_ columns: Range<Int>, inRow y: Int) -> Bool {
    guard y > 0 else { return false }
    let part = unsafe row(y) + channels * columns.lowerBound
    let above = unsafe part - channels * width - 1
    if columns.count != Self.partWidth { return unsafe memcmp(part, above, channels * columns.count) == 0 }
    return channels == 3 ? unsafe Self.areEqual(part, above, words: 3) : unsafe Self.areEqual(part, above, words: 4)
  }

  /// Whether the pixels of a part are known to be equal. Only parts of eight pixels are looked at.
  @inline(__always) func isPlain(_ columns: Range<Int>, inRow y: Int) -> Bool {
    guard columns.count == Self.partWidth else { return false }
    let part = unsafe row(y) + channels * columns.lowerBound
    // Each pixel equals its neighbour if seven pixels equal those one further, which are 21 or 28 bytes.
    let next = unsafe part + channels
    let tail = 7 * channels - 16
    return unsafe Self.areEqual(part, next, words: 2) && Self.areEqual(part + tail, next + tail, words: 2)
  }

  /// A pixel: 0xRRGGBB, or ``transparent``.
  @inline(__always) func colour(_ x: Int, inRow y: Int) -> UInt32 { unsafe colour(row(y), x) }

  /// Visits the pixels of a part of a row from left to right, and runs of equal pixels at once.
  ///
  /// - Parameter body: called with 0xRRGGBB, or ``transparent``, and the columns.
  @inline(__always) func forEachRun(_ columns: Range<Int>, inRow y: Int, _ body: (_ colour: UInt32, _ columns: Range<Int>) -> Void) {
    precondition(y >= 0 && y < height && columns.lowerBound >= 0 && columns.upperBound <= width, "pixels outside the picture")
    let row = unsafe row(y)
    var start = columns.lowerBound
    var next = unsafe colour(row, start)
    while start < columns.upperBound {
      let colour = next
      var end = start + 1
      while end < columns.upperBound {
        next = unsafe self.colour(row, end)
        guard next == colour else { break }
        end += 1
      }
      body(colour, start..<end)
      start = end
    }
  }

  /// The parts of a row that are looked at as a whole.
  var parts: Int { (width + Self.partWidth - 1) / Self.partWidth }

  func columns(ofPart part: Int) -> Range<Int> { part * Self.partWidth..<min((part + 1) * Self.partWidth, width) }

  /// As many pixels as are compared at once.
  static let partWidth = 8

  /// The first pixel of a row.
  private func row(_ y: Int) -> UnsafeRawPointer { unsafe bytes + y * (1 + channels * width) + 1 }

  @inline(__always)
  private func colour(_ row: UnsafeRawPointer, _ x: Int) -> UInt32 {
    // Three bytes are read with the one before them, which is the row's filter byte or belongs to another pixel.
    if channels == 3 { return unsafe (row + 3 * x - 1).loadUnaligned(as: UInt32.self).bigEndian & 0xff_ffff }
    let pixel = unsafe (row + 4 * x).loadUnaligned(as: UInt32.self).bigEndian
    return pixel & 0x80 == 0 ? Self.transparent : pixel >> 8
  }

  /// Whether some words of eight bytes are equal.
  @inline(__always)
  private static func areEqual(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, words: Int) -> Bool {
    var difference: UInt64 = 0
    for word in 0..<words {
      difference |= unsafe (one + 8 * word).loadUnaligned(as: UInt64.self) ^ (other + 8 * word).loadUnaligned(as: UInt64.self)
    }
    return difference == 0
  }
}
