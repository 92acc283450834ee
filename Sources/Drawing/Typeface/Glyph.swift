/// A glyph at one size, ready to be laid on rows.
struct Glyph: Sendable {
  /// The part of a row that is covered at all, from its first to its last column.
  struct Row {
    var columns: Range<Int>
    /// Which bytes of all rows' are its own, three a pixel.
    var bytes: Range<Int>

    /// As much of it as lies within some columns.
    func clamped(to limits: Range<Int>) -> Row {
      let rest = limits.clamped(to: columns)
      let start = bytes.lowerBound + 3 * (rest.lowerBound - columns.lowerBound)
      return Row(columns: rest, bytes: start..<start + 3 * rest.count)
    }
  }

  /// Pixels from the origin right to its first column.
  let left: Int
  /// Pixels from the baseline up to the upper edge of its first row.
  let top: Int
  let width: Int
  let rows: [Row]
  /// Coverage of the rows' pixels, each three times, as red, green and blue need it.
  let coverage: [UInt8]
  /// Red, green and blue of the rows' pixels, multiplied by their coverage; nil for a glyph that is drawn in ink.
  let colours: [UInt8]?

  var height: Int { rows.count }

  /// - Parameters:
  ///   - coverage: of all pixels, row by row; a multiple of `width`.
  ///   - colours: red, green and blue of all pixels, multiplied by their coverage.
  init(left: Int, top: Int, width: Int, coverage: [UInt8], colours: [UInt8]? = nil) {
    (self.left, self.top, self.width) = (left, top, width)
    var length = 0
    rows = stride(from: 0, to: coverage.count, by: max(width, 1)).map { start in
      let columns = coverage.span.extracting(start..<start + width).covered
      defer { length += 3 * columns.count }
      return Row(columns: columns, bytes: length..<length + 3 * columns.count)
    }
    self.coverage = rows.packed(length) { y, row, packed in
      packed.triple(coverage.span.extracting(row.columns.shifted(by: y * width)), at: row.bytes.lowerBound)
      // Colours were multiplied with the coverage as it is.
      if colours == nil { packed.coarsen(over: row.bytes) }
    }
    self.colours = colours.map { [rows] colours in
      rows.packed(length) { y, row, packed in
        let pixels = row.columns.shifted(by: y * width)
        packed.copy(colours.span.extracting(3 * pixels.lowerBound..<3 * pixels.upperBound), to: row.bytes.lowerBound)
      }
    }
  }

  /// Nothing to see: a blank, or a glyph that could not be drawn.
  static let empty = Glyph(left: 0, top: 0, width: 0, coverage: [])

  /// What it occupies.
  var byteCount: Int { coverage.count + (colours?.count ?? 0) + rows.count * MemoryLayout<Row>.stride }
}

extension [Glyph.Row] {
  /// The bytes of all rows, one row's after the other's.
  fileprivate func packed(_ length: Int, _ write: (_ y: Int, _ row: Glyph.Row, _ bytes: inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    var target = bytes.mutableSpan
    for (y, row) in enumerated() { write(y, row, &target) }
    return bytes
  }
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}

extension Span<UInt8> {
  /// From the first to the last that is not 0.
  fileprivate var covered: Range<Int> {
    guard let first = indices.first(where: { self[$0] > 0 }), let last = indices.last(where: { self[$0] > 0 }) else { return 0..<0 }
    return first..<last + 1
  }
}
