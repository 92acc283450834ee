/// What a renderer writes with: a typeface and the glyphs that it drew before. One for each renderer, and not for several threads.
package final class Lettering {
  let face: any Typeface
  private var cache = GlyphCache(byteLimit: 8 << 20)

  /// - Parameter font: nil for the built-in alphabet, which knows printable ASCII and says so of the rest.
  package init(font: Font?) {
    if let font { face = font } else { face = BuiltInAlphabet() }
  }

  /// Shapes as much of a text as can be of use.
  ///
  /// - Parameter limit: how many scalars to take at most.
  func shape(_ text: String, limit: Int, keepsLines: Bool = true) -> ShapedText {
    ShapedText(PlainText(text, limit: limit, keepsLines: keepsLines), in: face)
  }

  /// Draws or finds a glyph.
  ///
  /// - Parameter quarter: how many quarters of a pixel its origin is right of a whole one.
  func glyph(_ glyph: UInt32, pixelSize: Int, quarter: Int) -> Glyph {
    let key = GlyphCache.Key(glyph: glyph, pixelSize: UInt16(pixelSize), quarter: UInt8(quarter))
    return cache.glyph(for: key) { face.rasterise(glyph, pixelSize: pixelSize, shift: Float(quarter) / 4) }
  }
}
