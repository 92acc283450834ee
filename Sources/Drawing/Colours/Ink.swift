/// A neutral colour to draw with. Translucent near-white and near-black keep the hue of the pixels under them, and one level for all three
/// channels is one constant in the blending loops.
package struct Ink: Sendable, Hashable {
  /// The value of red, green and blue.
  package let level: UInt8

  package static let light = Ink(level: 252)
  package static let dark = Ink(level: 14)

  package var colour: Colour { Colour(red: level, green: level, blue: level) }

  /// The other ink.
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

/// The inks of a picture.
struct Tone: Sendable {
  let textInk: Ink
  /// The opposite ink: a pattern then never makes text harder to read.
  var patternInk: Ink { textInk.opposite }

  /// The contrast that WCAG 2.2 (1.4.3) requires of body text, and a little more for rounding.
  static let contrast: Float = 4.6

  init(on background: Background) { self.init(on: background.colours) }

  /// - Parameter colours: all colours that may lie under the text; not empty.
  init(on colours: [Colour]) { textInk = .mostReadable(on: colours) }
}
