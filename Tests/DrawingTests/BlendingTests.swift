import Testing

@testable import Drawing

struct BlendingTests {
  private static let amounts = [0, 255, 1, 127, 128, 254] + (0..<205).map { UInt8(truncatingIfNeeded: $0 * 83) }
  private static let under = (0..<3 * amounts.count + 5).map { UInt8(truncatingIfNeeded: $0 * 31 + 7) }

  /// Eight pixels at a time have ink, none or a mixture.
  @Test(arguments: [[255, 255], [0, 0], [0, 255], [255, 0], [0, 200], [200, 0], [255, 254], [1, 0]] as [[UInt8]], [16, 24, 29])
  func `runs of ink and of background are blended to their ends`(halves: [UInt8], count: Int) {
    let mask = (0..<count).map { halves[$0 / 4 % 2] }
    let tripled = mask.flatMap { [$0, $0, $0] }
    var (once, thrice) = (Self.under, Self.under)
    var rows = once.mutableSpan
    rows.blendPixels(14, through: mask.span, at: 2)
    rows = thrice.mutableSpan
    rows.blend(14, through: tripled.span, at: 2)
    #expect(once == thrice)
    if halves == [255, 255] { #expect(once[2..<2 + 3 * count].allSatisfy { $0 == 14 }) }
  }

  @Test(arguments: [0, 14, 128, 252, 255] as [UInt8])
  func `ink through one amount a pixel is ink through the same amount three times`(level: UInt8) {
    for count in [0, 1, 7, 33, Self.amounts.count] {
      let mask = Array(Self.amounts[..<count])
      let tripled = mask.flatMap { [$0, $0, $0] }
      var (once, thrice) = (Self.under, Self.under)
      var rows = once.mutableSpan
      rows.blendPixels(level, through: mask.span, at: 2)
      rows = thrice.mutableSpan
      rows.blend(level, through: tripled.span, at: 2)
      #expect(once == thrice)
      #expect(once[(2 + 3 * count)...] == Self.under[(2 + 3 * count)...])
    }
  }

  @Test func `colours hide as much as their amount says`() {
    let (amounts, colours) = ([0, 255, 128] as [UInt8], [0, 0, 0, 10, 200, 30, 128, 64, 0] as [UInt8])
    var row = [UInt8](repeating: 100, count: 10)
    var rows = row.mutableSpan
    rows.blendPixels(colours.span, through: amounts.span, at: 1)
    #expect(row[..<7] == [100, 100, 100, 100, 10, 200, 30])
    for (byte, expected) in zip(row[7...], [178, 114, 50]) { #expect(abs(Int(byte) - expected) <= 1) }
  }

  /// A wide glyph stores its coverage once, a narrow one three times.
  @Test(arguments: [10, 63, 64, 200])
  func `a glyph has the coverage that it was made of, in 32 shades`(width: Int) {
    let coverage = (0..<3 * width).map { pixel in pixel % width < 2 ? 0 : UInt8(truncatingIfNeeded: pixel * 57) }
    let glyph = Glyph(left: 0, top: 3, width: width, coverage: coverage.span)
    #expect(glyph.height == 3)
    for (y, row) in glyph.rows.enumerated() {
      let amounts = Array(glyph.coverage[glyph.coverage(of: row)])
      #expect(amounts.count == row.columns.count * glyph.coverageStride)
      #expect(row.columns.lowerBound >= 2)
      for (index, amount) in amounts.enumerated() {
        let column = row.columns.lowerBound + index / glyph.coverageStride
        #expect(abs(Int(amount) - Int(coverage[y * width + column])) <= 5)
      }
      let part = row.clamped(to: row.columns.lowerBound + 3..<row.columns.upperBound - 1)
      let inner = amounts.dropFirst(3 * glyph.coverageStride).dropLast(glyph.coverageStride)
      #expect(glyph.coverage[glyph.coverage(of: part)].elementsEqual(inner))
    }
  }
}
