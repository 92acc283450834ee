/// Scales a picture by Lanczos' filter, larger or smaller, to rows for an encoder: each begins with PNG's filter byte (0, None).
///
/// Each old row is scaled to the new width once, in floating point. Each new row is a mean of some of these, the latest of which a ring
/// holds.
///
/// A transparent pixel has a colour that nobody sees. Premultiplied, it has no weight, so that it does not bleed into its neighbours.
struct ScaledPicture: ~Copyable {
  private let source: Upload
  private let hasAlpha: Bool
  private let height: Int
  private let columns: ResamplingFilter<LanczosKernel>
  private var ring: RowRing<LanczosKernel>
  /// An old row, four numbers a pixel.
  private var oldRow: [Float]
  /// A new row.
  private var newRow: [Float]

  /// - Parameters:
  ///   - hasAlpha: whether the rows have an alpha channel. If not, the picture is laid on white.
  ///   - width, height: of the new picture, in pixels; at least 1.
  init(_ source: Upload, hasAlpha: Bool, width: Int, height: Int) {
    (self.source, self.hasAlpha, self.height) = (source, hasAlpha, height)
    columns = ResamplingFilter(LanczosKernel(from: source.width, to: width))
    // Most pictures are squares.
    let isSquare = source.width == source.height && width == height
    let rows = isSquare ? columns : ResamplingFilter(LanczosKernel(from: source.height, to: height))
    let channels = hasAlpha ? 4 : 3
    // One number more than those of all pixels, because the last opaque pixel is written with its alpha.
    ring = RowRing(rows, slotSize: channels * width + 1)
    oldRow = [Float](repeating: 0, count: 4 * (source.width + columns.count))
    newRow = [Float](repeating: 0, count: channels * width)
  }

  /// Bytes of a new row, its filter byte included.
  var stride: Int { 1 + newRow.count }

  /// All rows of the new picture.
  mutating func draw() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: stride * height) { bytes, count in
      var target = unsafe bytes.mutableSpan
      for y in 0..<height {
        target[y * stride] = 0
        write(y, to: &target, at: y * stride + 1)
      }
      count = stride * height
    }
  }

  private mutating func write(_ y: Int, to target: inout MutableSpan<UInt8>, at offset: Int) {
    let isStraight = hasAlpha && !source.isOpaque
    if ring.groups.count == 1, !isStraight { return target.write(group(0, of: y), newRow.count, at: offset) }
    for number in ring.groups { newRow.add(group(number, of: y), isFirst: number == 0) }
    if isStraight { newRow.straighten() }
    target.write(newRow, at: offset)
  }

  /// Some of the rows that a new row is made of.
  private mutating func group(_ number: Int, of y: Int) -> RowGroup<LanczosKernel> {
    for row in ring.advance(to: number, of: y) {
      oldRow.read(source, row, onWhite: !hasAlpha)
      ring.numbers.scale(oldRow, by: columns, channels: hasAlpha ? 4 : 3, at: ring.offset(of: row))
    }
    return ring.group(number, of: y)
  }
}

extension Upload {
  /// The picture at another size, as rows for an encoder: each begins with PNG's filter byte (0, None), and three or four bytes a pixel
  /// follow.
  ///
  /// - Parameters:
  ///   - width, height: in pixels, at least 1.
  ///   - hasAlpha: whether there is an alpha channel. If not, what is transparent shows white.
  package func scaledRows(width: Int, height: Int, hasAlpha: Bool) -> [UInt8] {
    var picture = ScaledPicture(self, hasAlpha: hasAlpha, width: width, height: height)
    return picture.draw()
  }
}
