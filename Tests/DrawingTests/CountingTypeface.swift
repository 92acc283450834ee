@testable import Drawing

/// A typeface whose letters are squares of the largest possible size. It counts the drawn glyphs and the lookups.
final class CountingTypeface: Typeface {
  private let measures = Monospace()
  private(set) var drawnCount = 0
  private(set) var askedCount = 0

  var ascent: Float { measures.ascent }
  var descent: Float { measures.descent }
  var capHeight: Float { measures.capHeight }
  var blank: Float { measures.blank }
  let hasColours = false
  let largestSize = Int.max
  let glyphCost = 1

  func covers(_ scalar: UInt32) -> Bool {
    askedCount += 1
    return true
  }
  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText) { measures.shape(run, of: scalars, into: &text) }
  func extent(of glyph: UInt32) -> ClosedRange<Float> { measures.extent(of: glyph) }

  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph {
    drawnCount += 1
    let coverage = [UInt8](repeating: 255, count: pixelSize * pixelSize)
    return Glyph(left: 0, top: pixelSize * 4 / 5, width: pixelSize, coverage: coverage.span)
  }
}
