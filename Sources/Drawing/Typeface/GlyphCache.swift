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
