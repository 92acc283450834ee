import Glibc

/// A view of consecutive rows of a picture, filter bytes first.
@safe
struct PictureRows {
  private let bytes: UnsafeRawBufferPointer
  /// The row above the first one; nil if that is the first row of the picture.
  private let above: UnsafeRawPointer?
  /// The bytes of a row, its filter byte included.
  let stride: Int
  let pixelStride: Int
  /// Rows that are known to equal the ones above, from top to bottom. Only the last one of each range has its bytes.
  let repeated: [Range<Int>]

  /// - Parameters:
  ///   - bytes: whole rows. They and the row above must not change while the view is in use.
  ///   - above: the row above; empty if the first row is the picture's first.
  ///   - repeated: see ``repeated``; not empty, disjoint, without the picture's first row.
  init(_ bytes: UnsafeRawBufferPointer, above: UnsafeRawBufferPointer, stride: Int, pixelStride: Int, repeated: [Range<Int>] = []) {
    precondition(unsafe bytes.count % stride == 0 && (above.isEmpty || above.count == stride), "no whole rows")
    unsafe self.init(bytes, above: above.isEmpty ? nil : above.baseAddress, stride, pixelStride, repeated)
  }

  private init(_ bytes: UnsafeRawBufferPointer, above: UnsafeRawPointer?, _ stride: Int, _ pixelStride: Int, _ repeated: [Range<Int>]) {
    unsafe (self.bytes, self.above) = (bytes, above)
    (self.stride, self.pixelStride) = (stride, pixelStride)
    self.repeated = repeated
  }

  var shape: RowShape { RowShape(stride: stride, pixelStride: pixelStride) }
  var count: Int { unsafe bytes.count / stride }
  var byteCount: Int { unsafe bytes.count }

  /// The bytes of some rows.
  subscript(_ rows: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[rows.lowerBound * stride..<rows.upperBound * stride])
  }

  /// The bytes of the row above a row; nil above the picture's first row.
  func above(_ row: Int) -> UnsafeRawBufferPointer? {
    if row > 0 { return unsafe self[row - 1..<row] }
    return unsafe above.map { unsafe UnsafeRawBufferPointer(start: $0, count: stride) }
  }

  /// The upper half of the rows and the lower half. If a range of repeated rows is divided, the row above the lower half has no bytes, but
  /// nobody looks at it.
  var halves: (PictureRows, PictureRows) {
    let middle = count / 2
    guard middle > 0 else { return unsafe (PictureRows(self[0..<0], above: above, stride, pixelStride, []), self) }
    return unsafe (
      PictureRows(self[0..<middle], above: above, stride, pixelStride, repeated(in: 0..<middle)),
      PictureRows(self[middle..<count], above: self[middle - 1..<middle].baseAddress, stride, pixelStride, repeated(in: middle..<count))
    )
  }

  /// The repeated rows among some rows, counted from the first of them.
  private func repeated(in part: Range<Int>) -> [Range<Int>] {
    repeated.map { $0.clamped(to: part) }.filter { !$0.isEmpty }
      .map { $0.lowerBound - part.lowerBound..<$0.upperBound - part.lowerBound }
  }

  /// Compares a row that is not known to be repeated with the one above: whether they are equal.
  func repeats(_ row: Int) -> Bool {
    let bytes = unsafe self[row..<row + 1].baseAddress!
    if row > 0 { return unsafe memcmp(bytes, bytes - stride, stride) == 0 }
    if let above = unsafe above { return unsafe memcmp(bytes, above, stride) == 0 }
    return false
  }
}

/// The bytes of each row, the filter byte included, and of each pixel: 3 or 4.
struct RowShape {
  var stride: Int
  var pixelStride: Int
}
