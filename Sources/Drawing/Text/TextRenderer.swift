/// Shapes text and draws glyphs, with typefaces and a cache. Each renderer thread needs one of its own.
package final class TextRenderer {
  private let fonts: FontStack
  private var cache = GlyphCache(byteLimit: 8 << 20)
  private var blocks = TextBlockCache()

  /// - Parameter font: with its lighter companion, if it has one; nil for the built-in alphabet, which has printable ASCII. Missing characters
  ///   come from fallback fonts.
  package convenience init(font: Font?) { self.init(FontStack(font: font)) }

  package init(_ fonts: FontStack) { self.fonts = fonts }

  /// The typeface whose measures apply to a text.
  func face(for role: TextRole) -> any Typeface { fonts[fonts.first(for: role)] }

  /// Shapes a text.
  ///
  /// - Parameter limit: the most scalars to shape.
  func shape(
    _ text: String, limit: Int, keepsLines: Bool = true, role: TextRole = .prompt, glyphLimit: Int = ShapingWork.usualLimit
  ) -> ShapedText {
    ShapedText(PlainText(text, limit: limit, keepsLines: keepsLines), in: fonts, role: role, glyphLimit: glyphLimit)
  }

  /// Shapes as much of a text as can fit in an area.
  ///
  /// If the limit on glyphs is far below the limit on scalars, the first try takes twice as many scalars as glyphs may be drawn: a text in
  /// which hardly a glyph recurs exceeds the limit there. Most other long prompts fill the area with half of the scalars that the narrowest
  /// letters would need, so the other half is shaped only if they do not.
  func shape(_ text: String, for area: TextArea, role: TextRole = .prompt) -> ShapedText {
    let few = 2 * area.glyphLimit
    for limit in (few < area.scalarLimit / 8 ? [few] : []) + [area.scalarLimit / 2] {
      let part = shape(text, limit: limit, role: role, glyphLimit: area.glyphLimit)
      guard part.isCut, part.advance < area.capacity else { return part }
    }
    return shape(text, limit: area.scalarLimit, role: role, glyphLimit: area.glyphLimit)
  }

  /// Frees the fonts and glyphs of earlier pictures if they are many. Call this before the first text of each picture.
  func begin() {
    if fonts.closeIfWorn() {
      cache.removeAll()
      blocks.removeAll()
    }
  }

  /// Finds a block of text in the cache, or makes it; nil if there is nothing to draw.
  func block(_ key: TextBlockCache.Key, make: () -> TextBlock?) -> TextBlock? {
    if let block = blocks[key] { return block }
    guard let block = make() else { return nil }
    blocks.insert(block, for: key)
    return block
  }

  /// Finds a glyph in the cache, or draws it.
  ///
  /// - Parameter quarter: the offset of the glyph's origin from a whole pixel, in quarters of a pixel.
  func glyph(_ placed: ShapedText.PlacedGlyph, pixelSize: Int, quarter: Int) -> Glyph {
    let key = GlyphCache.Key(face: placed.face, glyph: placed.glyph, pixelSize: UInt16(pixelSize), quarter: UInt8(quarter))
    return cache.glyph(for: key) { fonts[placed.face].rasterise(placed.glyph, pixelSize: pixelSize, shift: Float(quarter) / 4) }
  }
}

/// A cache of glyphs: drawing a glyph costs more than blending it ten times.
struct GlyphCache {
  /// The identity of a drawn glyph: its face, number, size and offset from a whole pixel.
  struct Key: Hashable {
    let face: UInt8
    let glyph: UInt32
    let pixelSize: UInt16
    let quarter: UInt8
  }

  private var glyphs: [Key: Glyph] = [:]
  private var byteCount = 0
  private let byteLimit: Int

  /// - Parameter byteLimit: the most bytes that the glyphs may occupy. When they would occupy more, all are dropped. A picture needs a few
  ///   dozen, so the next few pictures bring back those in use, and lookups need no bookkeeping.
  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The glyph of a key, drawn if it is not in the cache.
  mutating func glyph(for key: Key, draw: () -> Glyph) -> Glyph {
    if let glyph = glyphs[key] { return glyph }
    let glyph = draw()
    insert(glyph, for: key)
    return glyph
  }

  mutating func removeAll() {
    glyphs.removeAll(keepingCapacity: true)
    byteCount = 0
  }

  private mutating func insert(_ glyph: Glyph, for key: Key) {
    let cost = glyph.byteCount + Self.overhead
    if byteCount + cost > byteLimit { removeAll() }
    glyphs[key] = glyph
    byteCount += cost
  }

  /// The approximate bytes of a cached glyph besides its pixels.
  private static let overhead = 128
}
