/// A stream of compressed rows that is being written: where to, and what is the same for all of its rows.
struct RowStream: ~Copyable {
  var output: BitWriter
  /// The checksum of the rows so far, as they are filtered.
  var checksum = Adler32()
  /// The bytes of a row, its filter byte included.
  let stride: Int
  let pixelStride: Int
  /// None or Up: the filter of rows that do not equal the one above.
  let filter: RowFilter
  let repeatedRow: RepeatedRow
  /// How many rows further up the row is that the current ones may be like: more than one behind repeated rows.
  var above = 1

  init(_ rows: PictureRows, filter: RowFilter, to output: UnsafeMutableBufferPointer<UInt8>) {
    unsafe self.output = BitWriter(output)
    (stride, pixelStride) = (rows.stride, rows.pixelStride)
    self.filter = filter
    repeatedRow = RepeatedRow(stride: rows.stride)
  }

  /// The shortest distance at which bytes recur: that of the pixel to the left, or, among differences, of a zero to the next.
  var nearest: Int { filter == .none ? pixelStride : 1 }

  /// The bytes from a place to the next pixel, or to the end of the row. A filter byte stands alone.
  ///
  /// - Parameter place: counted from the beginning of a row.
  func bytesToNextPixel(_ place: Int) -> Int {
    let column = UInt(bitPattern: place) % UInt(bitPattern: stride)
    guard column > 0 else { return 1 }
    return pixelStride - Int(pixelStride == 3 ? (column - 1) % 3 : (column - 1) % UInt(bitPattern: pixelStride))
  }
}
