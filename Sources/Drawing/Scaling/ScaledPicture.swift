/// Scales a picture by Lanczos' filter, larger or smaller, to rows for an encoder: each begins with PNG's filter byte (0, None).
///
/// Each old row is scaled to the new width once, in floating point. Each new row is a mean of some of these. The latest are kept in a ring:
///
/// ```
/// old rows      0 1 2 3 4 5 6 7 …      bytes, which become numbers, premultiplied by alpha
///                 └─────────┘
/// ring          6 1 2 3 4 5            row r in slot r mod 6, as wide as the new picture
///                   └► new row y       the sum of all slots, each by its weight
/// ```
///
/// A transparent pixel has a colour that nobody sees. Premultiplied, it has no weight, so that it does not bleed into its neighbours.
struct ScaledPicture: ~Copyable {
  private let source: Upload
  private let hasAlpha: Bool
  private let width: Int
  private let height: Int
  private let columns: LanczosFilter
  private let rows: LanczosFilter
  /// Numbers in a slot of the ring: those of all pixels, and one more, because the last opaque pixel is written with its alpha.
  private let slotSize: Int
  private var ring: [Float]
  /// An old row, four numbers a pixel.
  private var oldRow: [Float]
  /// A new row.
  private var newRow: [Float]
  /// The first old row that the ring has not had yet.
  private var next = 0

  /// - Parameters:
  ///   - hasAlpha: whether the rows have an alpha channel. If not, the picture is laid on white.
  ///   - width, height: of the new picture, in pixels; at least 1.
  init(_ source: Upload, hasAlpha: Bool, width: Int, height: Int) {
    (self.source, self.hasAlpha, self.width, self.height) = (source, hasAlpha, width, height)
    columns = LanczosFilter(from: source.width, to: width)
    // Most pictures are squares.
    rows = source.width == source.height && width == height ? columns : LanczosFilter(from: source.height, to: height)
    let channels = hasAlpha ? 4 : 3
    slotSize = channels * width + 1
    ring = [Float](repeating: 0, count: slotSize * rows.count)
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
    let first = rows.starts[y]
    let end = min(first + rows.count, source.height)
    // In a much smaller picture, rows are left out.
    for row in max(next, first)..<max(next, first, end) { scaleAcross(row) }
    next = max(next, end)
    let isStraight = hasAlpha && !source.isOpaque
    if rows.count == LanczosFilter.groupSize, !isStraight { return target.write(group(0, of: y), newRow.count, at: offset) }
    for number in 0..<rows.count / LanczosFilter.groupSize { newRow.add(group(number, of: y), isFirst: number == 0) }
    if isStraight { newRow.straighten() }
    target.write(newRow, at: offset)
  }

  /// Six of the rows that a new row is made of.
  private func group(_ number: Int, of y: Int) -> RingRows {
    let first = number * LanczosFilter.groupSize
    let weight = y * rows.count + first
    func start(_ row: Int) -> Int { (rows.starts[y] + first + row) % rows.count * slotSize }
    return RingRows(
      ring: ring, starts: (start(0), start(1), start(2), start(3), start(4), start(5)),
      weights: (
        rows.weights[weight], rows.weights[weight + 1], rows.weights[weight + 2], rows.weights[weight + 3], rows.weights[weight + 4],
        rows.weights[weight + 5]
      ))
  }

  /// Puts an old row into the ring.
  private mutating func scaleAcross(_ row: Int) {
    oldRow.read(source, row, onWhite: !hasAlpha)
    ring.scale(oldRow, by: columns, channels: hasAlpha ? 4 : 3, at: row % rows.count * slotSize)
  }
}

extension Upload {
  /// The picture at another size, as rows for an encoder: each begins with PNG's filter byte (0, None), and three or four bytes a pixel follow.
  ///
  /// - Parameters:
  ///   - width, height: in pixels, at least 1.
  ///   - hasAlpha: whether there is an alpha channel. If not, what is transparent shows white.
  package func scaledRows(width: Int, height: Int, hasAlpha: Bool) -> [UInt8] {
    var picture = ScaledPicture(self, hasAlpha: hasAlpha, width: width, height: height)
    return picture.draw()
  }
}
