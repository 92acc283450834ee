/// A neutral colour to draw with. Near-white and near-black keep the hue of what lies under them when translucent, and one level for
/// all three channels is one constant in the blending loops.
package struct Ink: Sendable, Hashable {
  /// The value of red, green and blue.
  package let level: UInt8

  package static let light = Ink(level: 252)
  package static let dark = Ink(level: 14)

  package var colour: Colour { Colour(red: level, green: level, blue: level) }

  /// The other one: for shadows and panels, which set this one off.
  var opposite: Ink { self == .light ? .dark : .light }

  /// The ink that stands out better where it does so worst.
  ///
  /// - Parameter colours: what may lie under the text; not empty.
  package static func mostReadable(on colours: [Colour]) -> Ink {
    light.worstContrast(on: colours) >= dark.worstContrast(on: colours) ? light : dark
  }

  /// The lowest contrast ratio with any of the colours.
  package func worstContrast(on colours: [Colour]) -> Float {
    colours.reduce(.infinity) { min($0, colour.contrast(with: $1)) }
  }
}
