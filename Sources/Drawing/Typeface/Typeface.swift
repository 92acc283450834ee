/// A source of glyphs: a font file, or the built-in alphabet. Lengths are in ems, so that text is shaped once and fitted at any size.
protocol Typeface: AnyObject {
  /// The distance from the baseline up to the top of capitals with accents.
  var ascent: Float { get }
  /// The distance from the baseline down to the bottom of g and p.
  var descent: Float { get }
  /// The distance from the baseline up to the top of H.
  var capHeight: Float { get }
  /// The advance of a blank.
  var blank: Float { get }
  /// Whether its glyphs have colours of their own.
  var hasColours: Bool { get }
  /// The most pixels per em at which it looks good.
  var largestSize: Int { get }
  /// The cost of drawing a glyph for the first time, in outlines of a letter.
  var glyphCost: Int { get }

  /// Whether there is a glyph for a scalar.
  func covers(_ scalar: UInt32) -> Bool

  /// Appends the glyphs of a run to a text, as clusters in reading order.
  ///
  /// - Parameter scalars: the whole text of the run. The run's neighbours may determine how letters join.
  func shape(_ run: TextRun, of scalars: [UInt32], into text: inout ShapedText)

  /// The range from the lowest to the highest point of a glyph, measured upwards from the baseline.
  func extent(of glyph: UInt32) -> ClosedRange<Float>

  /// Draws one glyph.
  ///
  /// - Parameters:
  ///   - pixelSize: pixels per em.
  ///   - shift: the offset of the origin from a whole pixel to the right, 0 to 1.
  func rasterise(_ glyph: UInt32, pixelSize: Int, shift: Float) -> Glyph
}
