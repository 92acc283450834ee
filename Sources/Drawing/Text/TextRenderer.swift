/// What a renderer writes with: typefaces and the glyphs that it drew before. One for each renderer, and not for several threads.
package final class TextRenderer {
  private let fonts: FontStack
  private var cache = GlyphCache(byteLimit: 8 << 20)

  /// - Parameter font: nil for the built-in alphabet, which knows printable ASCII. What it lacks comes from fallback fonts.
  package convenience init(font: Font?) { self.init(FontStack(font: font)) }

  package init(_ fonts: FontStack) { self.fonts = fonts }

  /// The typeface that sets the measures.
  var face: any Typeface { fonts.first }

  /// Shapes as much of a text as can be of use.
  ///
  /// - Parameter limit: how many scalars to take at most.
  func shape(_ text: String, limit: Int, keepsLines: Bool = true, glyphLimit: Int = ShapingWork.usualLimit) -> ShapedText {
    ShapedText(PlainText(text, limit: limit, keepsLines: keepsLines), in: fonts, glyphLimit: glyphLimit)
  }

  /// Shapes as much of a prompt as a layout can have room for.
  ///
  /// The first try takes as much as brings too many glyphs where hardly one recurs, if that is far less. Most other long prompts fill the
  /// room with half of what the narrowest letters would take, so that the other half is looked at only if they do not.
  func shape(_ prompt: String, for layout: Layout) -> ShapedText {
    let few = 2 * layout.glyphLimit
    for limit in (few < layout.promptLimit / 8 ? [few] : []) + [layout.promptLimit / 2] {
      let part = shape(prompt, limit: limit, glyphLimit: layout.glyphLimit)
      guard part.isCut, part.advance < layout.promptCapacity else { return part }
    }
    return shape(prompt, limit: layout.promptLimit, glyphLimit: layout.glyphLimit)
  }

  /// Lets go of what earlier pictures needed and this one may not, where that is much. Comes before all texts of a picture.
  func begin() {
    if fonts.closeIfWorn() { cache.removeAll() }
  }

  /// Draws or finds a glyph.
  ///
  /// - Parameter quarter: how many quarters of a pixel its origin is right of a whole one.
  func glyph(_ placed: ShapedText.PlacedGlyph, pixelSize: Int, quarter: Int) -> Glyph {
    let key = GlyphCache.Key(face: placed.face, glyph: placed.glyph, pixelSize: UInt16(pixelSize), quarter: UInt8(quarter))
    return cache.glyph(for: key) { fonts[placed.face].rasterise(placed.glyph, pixelSize: pixelSize, shift: Float(quarter) / 4) }
  }
}

/// Glyphs that were drawn before: drawing one costs more than laying it on a picture ten times.
struct GlyphCache {
  /// Which glyph of which face, at which size, how far off a whole pixel.
  struct Key: Hashable {
    let face: UInt8
    let glyph: UInt32
    let pixelSize: UInt16
    let quarter: UInt8
  }

  private var glyphs: [Key: Glyph] = [:]
  private var byteCount = 0
  private let byteLimit: Int

  /// - Parameter byteLimit: what the glyphs may occupy together. When they would occupy more, all are dropped: a picture needs a few
  ///   dozen, so the next few pictures bring back the ones in use, and no bookkeeping is done for each that is found.
  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The glyph of a key, drawn if need be.
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

  /// Bytes of a cached glyph besides its pixels, roughly.
  private static let overhead = 128
}
