/// A glyph drawn at one size, ready to be blended.
struct Glyph: Sendable {
  /// The covered part of a row, from its first to its last column.
  struct Row {
    private let firstColumn: UInt16
    private let columnCount: UInt16
    private let firstPixel: UInt32

    /// - Parameter firstPixel: the index of its first pixel among the pixels of all rows.
    fileprivate init(_ columns: Range<Int>, from firstPixel: Int) {
      firstColumn = UInt16(columns.lowerBound)
      columnCount = UInt16(columns.count)
      self.firstPixel = UInt32(firstPixel)
    }

    var columns: Range<Int> { Int(firstColumn)..<Int(firstColumn) + Int(columnCount) }

    /// The indices of its pixels among the pixels of all rows.
    var pixels: Range<Int> { Int(firstPixel)..<Int(firstPixel) + Int(columnCount) }

    /// The part of the row within some columns.
    func clamped(to limits: Range<Int>) -> Row {
      let rest = limits.clamped(to: columns)
      return Row(rest, from: Int(firstPixel) + rest.lowerBound - Int(firstColumn))
    }
  }

  /// Pixels from the origin to the right to the first column.
  let left: Int
  /// Pixels from the baseline up to the upper edge of its first row.
  let top: Int
  let width: Int
  let rows: [Row]
  /// The coverage of the rows' pixels.
  let coverage: [UInt8]
  /// The number of coverage bytes per pixel: three, for red, green and blue, if rows are too short for vector code that reads one;
  /// otherwise one.
  let coverageStride: Int
  /// Red, green and blue of the rows' pixels, premultiplied by coverage; nil for a glyph that is drawn in ink.
  let colours: [UInt8]?

  var height: Int { rows.count }

  /// - Parameters:
  ///   - coverage: the coverage of all pixels, row by row; a multiple of `width`.
  ///   - shades: the number of levels to which coverage is rounded.
  ///   - colours: red, green and blue of all pixels, premultiplied by coverage.
  init(left: Int, top: Int, width: Int, coverage: Span<UInt8>, shades: Int = 32, colours: [UInt8]? = nil) {
    precondition(width <= UInt16.max && coverage.count <= UInt32.max, "glyph is larger than any picture")
    (self.left, self.top, self.width) = (left, top, width)
    var pixelCount = 0
    rows = stride(from: 0, to: coverage.count, by: max(width, 1)).map { start in
      let columns = coverage.extracting(start..<start + width).covered
      defer { pixelCount += columns.count }
      return Row(columns, from: pixelCount)
    }
    coverageStride = colours == nil && width < Self.wide ? 3 : 1
    self.coverage = rows.packed(coverageStride * pixelCount) { [coverageStride] y, row, packed in
      let (amounts, target) = (coverage.extracting(row.columns.shifted(by: y * width)), coverageStride * row.pixels.lowerBound)
      if coverageStride == 3 { packed.triple(amounts, at: target) } else { packed.copy(amounts, to: target) }
      // Colours are premultiplied by the exact coverage, so it is not rounded for them.
      if colours == nil { packed.coarsen(over: target..<target + coverageStride * amounts.count, to: shades) }
    }
    self.colours = colours.map { [rows] colours in
      rows.packed(3 * pixelCount) { y, row, packed in
        let pixels = row.columns.shifted(by: y * width)
        packed.copy(colours.span.extracting(3 * pixels.lowerBound..<3 * pixels.upperBound), to: 3 * row.pixels.lowerBound)
      }
    }
  }

  /// An empty glyph: a blank, or a glyph that could not be drawn.
  static let empty = {
    let none: [UInt8] = []
    return Glyph(left: 0, top: 0, width: 0, coverage: none.span)
  }()

  private static let wide = 64

  /// The coverage of a row, or of a part of it.
  func coverage(of row: Row) -> Range<Int> { coverageStride * row.pixels.lowerBound..<coverageStride * row.pixels.upperBound }

  /// The bytes that it occupies.
  var byteCount: Int { coverage.count + (colours?.count ?? 0) + rows.count * MemoryLayout<Row>.stride }
}

extension [Glyph.Row] {
  /// The bytes of all rows in one array.
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
  /// The range from the first byte to the last that is not 0.
  fileprivate var covered: Range<Int> {
    guard let first = indices.first(where: { self[$0] > 0 }), let last = indices.last(where: { self[$0] > 0 }) else { return 0..<0 }
    return first..<last + 1
  }
}
