/// Where glyphs come from: a font file, or the built-in alphabet where there is none. Lengths are in ems, so that text is shaped once
/// and fitted at any size.
protocol Typeface: AnyObject {
  /// From the baseline up to the top of capitals with accents.
  var ascent: Float { get }
  /// From the baseline down to the bottom of g and p.
  var descent: Float { get }
  /// From the baseline up to the top of H.
  var capHeight: Float { get }
  /// Advance of a blank.
  var blank: Float { get }
  /// Whether its glyphs come in colours, not in ink.
  var hasColours: Bool { get }
  /// Pixels an em, beyond which it does not look good.
  var largestSize: Int { get }
  /// What drawing a glyph for the first time costs, in outlines of a letter.
  var glyphCost: Int { get }

  /// Whether there is a glyph for a scalar.
  func covers(_ scalar: UInt32) -> Bool

  /// Appends the glyphs of a run to a text, as clusters in reading order.
  ///
  /// - Parameter scalars: the text that the run belongs to; its neighbours may decide how letters join.
  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText)

  /// From the lowest to the highest point of a glyph, counted upwards from the baseline.
  func extent(of glyph: UInt32) -> ClosedRange<Float>

  /// Draws one glyph.
  ///
  /// - Parameters:
  ///   - pixelSize: pixels an em.
  ///   - shift: how far right of a whole pixel its origin is, 0 to 1.
  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph
}
