/// A neutral colour to draw with. Translucent near-white and near-black keep the hue of the pixels under them, and one level for all three
/// channels is one constant in the blending loops.
package struct Ink: Sendable, Hashable {
  /// The value of red, green and blue.
  package let level: UInt8

  package static let light = Ink(level: 252)
  package static let dark = Ink(level: 14)

  package var colour: Colour { Colour(red: level, green: level, blue: level) }

  /// The other ink, for shadows and panels behind this one.
  var opposite: Ink { self == .light ? .dark : .light }

  /// The ink with the better worst-case contrast.
  ///
  /// - Parameter colours: all colours that may lie under the text; not empty.
  package static func mostReadable(on colours: [Colour]) -> Ink {
    light.worstContrast(on: colours) >= dark.worstContrast(on: colours) ? light : dark
  }

  /// The lowest contrast ratio with any of the colours.
  package func worstContrast(on colours: [Colour]) -> Float {
    colours.reduce(.infinity) { min($0, colour.contrast(with: $1)) }
  }
}

/// The opacity of an ink, in steps of 1/256.
struct Opacity: Sendable, Hashable, Comparable {
  /// 0 (invisible) to 256 (opaque), so that blending divides by a shift.
  let of256: UInt16

  /// - Parameter share: 0 (invisible) to 1 (opaque); clamped to that range.
  init(_ share: Float) {
    of256 = UInt16((min(max(share, 0), 1) * 256).rounded())
  }

  static let opaque = Opacity(1)

  var share: Float { Float(of256) / 256 }

  static func < (one: Opacity, other: Opacity) -> Bool { one.of256 < other.of256 }
}

/// The inks, light or dark, that make text and pattern stand out from a background.
struct Tone: Sendable {
  let textInk: Ink
  let patternInk: Ink
  /// The opacity of the panel behind the text, in the opposite ink; nil if the text is readable without a panel.
  let panelOpacity: Opacity?

  /// The contrast that WCAG 2.2 (1.4.3) requires of body text, and a little more for rounding.
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
    // White on dark glass looks better than black on fog, unless the background is light anyway.
    let ink = luminance < 0.45 ? Ink.light : .dark
    (textInk, panelOpacity) = (ink, Self.panelOpacity(behind: ink, on: all))
  }

  /// Light text on a panel that makes it readable on any colours.
  static let onAnything = Tone(
    background: .gradient(Gradient(from: Colour(red: 0, green: 0, blue: 0), to: Colour(red: 255, green: 255, blue: 255), .horizontal)),
    pattern: nil)

  /// The opacity of the most translucent panel that makes an ink readable on all colours.
  private static func panelOpacity(behind ink: Ink, on colours: [Colour]) -> Opacity {
    panelOpacities.first { opacity in
      ink.worstContrast(on: colours.map { $0.under(ink.opposite, opacity: opacity) }) >= contrast
    } ?? .opaque
  }

  private static let panelOpacities = stride(from: Float(0.3), through: 1, by: 0.05).map { Opacity($0) }
}
