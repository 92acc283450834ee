/// A glyph at one size, ready to be laid on rows.
struct Glyph: Sendable {
  /// Pixels from the origin right to its first column.
  let left: Int
  /// Pixels from the baseline up to the upper edge of its first row.
  let top: Int
  let width: Int
  let height: Int
  /// Coverage row by row, each pixel's three times, as red, green and blue need it.
  let coverage: [UInt8]
  /// Red, green and blue of each pixel, multiplied by its coverage; nil for a glyph that is drawn in ink.
  let colours: [UInt8]?

  /// - Parameter pixel: coverage at a column and row.
  init(left: Int, top: Int, width: Int, height: Int, pixel: (_ x: Int, _ y: Int) -> UInt8) {
    var coverage: [UInt8] = []
    coverage.reserveCapacity(3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let amount = pixel(x, y)
        coverage.append(amount)
        coverage.append(amount)
        coverage.append(amount)
      }
    }
    self.init(left: left, top: top, width: width, height: height, coverage: coverage, colours: nil)
  }

  private init(left: Int, top: Int, width: Int, height: Int, coverage: [UInt8], colours: [UInt8]?) {
    (self.left, self.top, self.width, self.height) = (left, top, width, height)
    (self.coverage, self.colours) = (coverage, colours)
  }

  /// A glyph in colours.
  ///
  /// - Parameter pixels: row by row blue, green, red and coverage, the colours multiplied by it.
  init(left: Int, top: Int, width: Int, height: Int, pixels: [SIMD4<UInt8>]) {
    var coverage = [UInt8](repeating: 0, count: 3 * pixels.count)
    var colours = coverage
    for (index, pixel) in pixels.enumerated() {
      for channel in 0..<3 {
        coverage[3 * index + channel] = pixel.w
        colours[3 * index + channel] = pixel[2 - channel]
      }
    }
    self.init(left: left, top: top, width: width, height: height, coverage: coverage, colours: colours)
  }

  /// Nothing to see: a blank, or a glyph that could not be drawn.
  static let empty = Glyph(left: 0, top: 0, width: 0, height: 0) { _, _ in 0 }

  /// What it occupies.
  var byteCount: Int { coverage.count + (colours?.count ?? 0) }
}
