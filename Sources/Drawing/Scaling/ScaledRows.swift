/// The rows of an upload at another size, from top to bottom. Memory holds only a few rows at a time, whatever the size of the upload.
struct ScaledRows {
  private let upload: Upload
  private let columns: ResamplingFilter<AreaKernel>
  private var ring: RowRing<AreaKernel>
  /// An old row, four numbers a pixel.
  private var oldRow: [Float]
  private var newRow: PixelRow

  init(_ upload: Upload, width: Int, height: Int) {
    self.upload = upload
    columns = ResamplingFilter(AreaKernel(from: upload.width, to: width))
    ring = RowRing(ResamplingFilter(AreaKernel(from: upload.height, to: height)), slotSize: 4 * width)
    oldRow = [Float](repeating: 0, count: 4 * (upload.width + columns.count))
    newRow = PixelRow(count: width)
  }

  /// Red, green, blue and alpha of a row, 0 to 1 and premultiplied. It is not above the one before.
  mutating func row(_ y: Int) -> PixelRow {
    for number in ring.groups {
      for row in ring.advance(to: number, of: y) {
        oldRow.readShares(upload, row)
        ring.numbers.scale(oldRow, by: columns, at: ring.offset(of: row))
      }
      newRow.numbers.add(ring.group(number, of: y), isFirst: number == 0)
    }
    return newRow
  }
}

/// A row of pixels of four numbers.
struct PixelRow {
  var numbers: [Float]

  init(count: Int) { numbers = [Float](repeating: 0, count: 4 * count) }

  var count: Int { numbers.count / 4 }

  subscript(x: Int) -> SIMD4<Float> {
    let offset = 4 * x
    return SIMD4(numbers[offset], numbers[offset + 1], numbers[offset + 2], numbers[offset + 3])
  }
}
