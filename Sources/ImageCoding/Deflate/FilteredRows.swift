/// PNG's filters (specification, section 9.2) that a picture may ask for: what is written for the bytes of a row.
package enum RowFilter: UInt8, Sendable {
  /// The bytes themselves.
  case none = 0
  /// The differences from the row above.
  case up = 2
}

/// Differences of rows from the rows above, some rows at a time, so that they are compressed while they are in the processor's cache.
///
/// ```
/// │ history │ the current rows │
/// 0     32 KiB
/// ```
struct FilteredRows: ~Copyable {
  private var bytes: [UInt8] = []

  private static let historyByteCount = Symbols.longestDistance
  private static let pieceByteCount = 128 * 1024

  /// Computes the differences of some rows. The picture's first row stays as it is.
  ///
  /// - Parameter visit: called with the next rows, filter bytes first, and with the number of bytes right before them that are those of the rows
  ///   before.
  /// - Returns: false if a visit returned false, which ends the work.
  mutating func visit(
    _ rows: PictureRows, _ range: Range<Int>, _ visit: (_ piece: UnsafeRawBufferPointer, _ history: Int) -> Bool
  ) -> Bool {
    let height = max(1, Self.pieceByteCount / rows.stride)
    let needed = Self.historyByteCount + height * rows.stride
    if bytes.count < needed { bytes = [UInt8](repeating: 0, count: needed) }
    var history = 0
    return unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      for top in stride(from: range.lowerBound, to: range.upperBound, by: height) {
        let piece = top..<min(top + height, range.upperBound)
        for row in piece {
          let start = Self.historyByteCount + (row - top) * rows.stride
          unsafe Self.filter(rows, row, to: UnsafeMutableBufferPointer(rebasing: bytes[start..<start + rows.stride]))
        }
        let end = Self.historyByteCount + piece.count * rows.stride
        let filtered = unsafe UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[Self.historyByteCount..<end]))
        guard unsafe visit(filtered, history) else { return false }
        history = min(history + filtered.count, Self.historyByteCount)
        let kept = unsafe UnsafeMutableBufferPointer(rebasing: bytes[end - history..<end])
        unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[(Self.historyByteCount - history)...])
          .copyMemory(from: UnsafeRawBufferPointer(kept))
      }
      return true
    }
  }

  /// - Parameter target: as long as a row.
  private static func filter(_ rows: PictureRows, _ row: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    let source = unsafe rows[row..<row + 1]
    guard let above = unsafe rows.above(row) else {
      unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      return
    }
    for index in 1..<rows.stride { unsafe target[index] = source[index] &- above[index] }
    unsafe target[0] = RowFilter.up.rawValue
  }
}
