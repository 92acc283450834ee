/// Light or dark: the inks that make text readable on a background.
struct Tone: Sendable {
  let textInk: Ink
  let patternInk: Ink
  /// Of the panel behind the text, in the ink opposite to the text's; nil where the text is readable without one.
  let panelOpacity: Opacity?

  /// The contrast that WCAG 2.2 (1.4.3) asks of body text, and a little more for rounding.
  static let contrast: Float = 4.6

  init(background: Background, pattern: Tile?) {
    let colours = background.colours
    let luminance = colours.reduce(0) { $0 + $1.luminance } / Float(colours.count)
    let patternInk = luminance < 0.6 ? Ink.light : .dark
    self.patternInk = patternInk
    guard colours.count > 1 || pattern != nil else {
      (textInk, panelOpacity) = (.mostReadable(on: colours), nil)
      return
    }
    let densest = pattern?.densest ?? Opacity(0)
    let all = colours + colours.map { $0.under(patternInk, opacity: densest) }
    // White on dark glass looks better than black on fog, unless all is light anyway.
    let ink = luminance < 0.45 ? Ink.light : .dark
    (textInk, panelOpacity) = (ink, Self.panelOpacity(behind: ink, on: all))
  }

  /// Light text on a panel that sets it off from whatever lies under it.
  static let onAnything = Tone(
    background: .gradient(Gradient(from: Colour(red: 0, green: 0, blue: 0), to: Colour(red: 255, green: 255, blue: 255), .horizontal)),
    pattern: nil)

  /// The most translucent panel that makes an ink readable wherever it lies.
  private static func panelOpacity(behind ink: Ink, on colours: [Colour]) -> Opacity {
    panelOpacities.first { opacity in
      ink.worstContrast(on: colours.map { $0.under(ink.opposite, opacity: opacity) }) >= contrast
    } ?? .opaque
  }

  private static let panelOpacities = stride(from: Float(0.3), through: 1, by: 0.05).map { Opacity($0) }
}
