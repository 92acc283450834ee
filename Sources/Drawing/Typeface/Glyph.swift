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

  /// - Parameter pixel: coverage at a column and row.
  init(left: Int, top: Int, width: Int, height: Int, pixel: (_ x: Int, _ y: Int) -> UInt8) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
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
    self.coverage = coverage
  }

  /// Nothing to see: a blank, or a glyph that could not be drawn.
  static let empty = Glyph(left: 0, top: 0, width: 0, height: 0) { _, _ in 0 }
}
