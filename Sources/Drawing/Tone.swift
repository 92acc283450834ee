/// Light or dark: the inks that make text readable on a background.
struct Tone: Sendable {
  let textInk: Ink
  let patternInk: Ink
  /// Of the panel behind the text, in the ink opposite to the text's; nil where the text is readable without one.
  let panelOpacity: Opacity?

  /// The contrast that WCAG 2.2 (1.4.3) asks of body text.
  static let contrast: Float = 4.5

  init(background: Background, pattern: Pattern?) {
    let plain = background.colours
    let mean = plain.reduce(0) { $0 + $1.luminance } / Float(plain.count)
    patternInk = mean > 0.55 ? .dark : .light
    guard pattern != nil || plain.count > 1 else {
      textInk = .mostReadable(on: plain)
      panelOpacity = nil
      return
    }
    let inked = patternInk
    let colours = pattern == nil ? plain : plain + plain.map { $0.under(inked, opacity: Self.densestPattern) }
    let text = Ink.mostReadable(on: colours)
    textInk = text
    panelOpacity = Self.panelOpacities.first { opacity in
      text.worstContrast(on: colours.map { $0.under(text.opposite, opacity: opacity) }) >= Self.contrast
    }
  }

  /// How dense a pattern's ink is at most, where its shapes overlap.
  static let densestPattern = Opacity(0.45)

  private static let panelOpacities = stride(from: Float(0.3), through: 1, by: 0.05).map { Opacity($0) }
}
