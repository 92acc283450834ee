/// PNG's filters (specification, section 9.2) that a picture may ask for: what is written for the bytes of a row.
package enum RowFilter: UInt8, Sendable {
  /// The bytes themselves.
  case none = 0
  /// The differences from the row above.
  case up = 2
}

/// Differences of rows from the rows above, some rows at a time, so that they are compressed while they are in the processor's cache.
struct FilteredRows: ~Copyable {
  private var bytes: [UInt8] = []

  private static let pieceByteCount = 64 * 1024

  /// Computes the differences of some rows. The picture's first row stays as it is.
  ///
  /// - Parameter visit: called with the next rows, filter bytes first, and whether they are the last ones.
  /// - Returns: false if a visit returned false, which ends the work.
  mutating func visit(
    _ rows: PictureRows, _ range: Range<Int>, _ visit: (_ piece: UnsafeMutableBufferPointer<UInt8>, _ isLast: Bool) -> Bool
  ) -> Bool {
    let height = max(1, Self.pieceByteCount / rows.stride)
    if bytes.count < height * rows.stride { bytes = [UInt8](repeating: 0, count: height * rows.stride) }
    for top in stride(from: range.lowerBound, to: range.upperBound, by: height) {
      let piece = top..<min(top + height, range.upperBound)
      let isVisited = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        for row in piece {
          let start = (row - top) * rows.stride
          unsafe Self.filter(rows, row, to: UnsafeMutableBufferPointer(rebasing: bytes[start..<start + rows.stride]))
        }
        let filtered = unsafe UnsafeMutableBufferPointer(rebasing: bytes[..<(piece.count * rows.stride)])
        return unsafe visit(filtered, piece.upperBound == range.upperBound)
      }
      guard isVisited else { return false }
    }
    return true
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
