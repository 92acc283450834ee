/// How much drawing a text has asked for, so that no text asks for too much: a picture takes milliseconds, whatever its prompt.
///
/// Only glyphs that were not seen before count, for others are found in the cache.
struct ShapingWork {
  /// How many glyphs a text may bring, where it may be set in letters of up to 32 pixels.
  static let usualLimit = 400

  let limit: Int
  private(set) var isExceeded = false
  private(set) var spent = 0
  private var seen: Set<UInt64> = []

  init(limit: Int) { self.limit = limit }

  /// - Returns: false where that would be too much.
  mutating func spend(on placed: ShapedText.PlacedGlyph, of face: any Typeface) -> Bool {
    guard seen.insert(UInt64(placed.face) << 32 | UInt64(placed.glyph)).inserted else { return true }
    spent += face.glyphCost
    isExceeded = spent > limit
    return !isExceeded
  }
}
