/// The colours of backgrounds, made of those of the palettes so that text stands out without a panel behind it.
package enum Scheme {
  /// One of a style's gradients: every number of a sequence has other colours than the number before it.
  ///
  /// - Parameter number: from 0.
  package static func gradient(_ number: Int, of style: Style, _ direction: Gradient.Direction) -> Gradient {
    let colours = Palette.colours(of: style)
    let first = colours[number % colours.count]
    let neighbours = Palette.neighbours(of: first, in: colours)
    return gradient(from: first, to: neighbours[number / colours.count % neighbours.count], direction)
  }

  /// A gradient between two colours of the palettes: as they are under dark text, or deepened under light text.
  ///
  /// Yellow, orange and light green become brown and olive when they are deepened, so text on them is dark.
  static func gradient(from first: Colour, to second: Colour, _ direction: Gradient.Direction) -> Gradient {
    let bright = Gradient(from: first, to: second, direction)
    return shifted(bright, under: .light, in: lightSteps) ?? shifted(bright, under: .dark, in: darkSteps) ?? bright
  }

  /// A plain background: two tints of a colour, light enough for dark text.
  static func card(of colour: Colour) -> Background {
    let (paper, foot) = tints(of: colour)
    return .card(paper, foot: foot)
  }

  /// The tints of a plain background.
  static func tints(of colour: Colour) -> (paper: Colour, foot: Colour) {
    (tint(of: colour, share: 0.28), tint(of: colour, share: 0.5))
  }

  /// A mixture of a colour with white.
  private static func tint(of colour: Colour, share: Float) -> Colour {
    var tint = OKLCH(colour)
    // A light colour is moved less, so that the colours of a palette stay apart.
    tint.lightness = 0.94 - 0.72 * share * (0.94 - tint.lightness)
    tint.chroma *= share
    return tint.colour
  }

  /// The gradient with the first change of lightness at which an ink is readable on all of it; nil if it never is.
  ///
  /// - Parameter steps: each makes the ink more readable than the one before it.
  private static func shifted(_ gradient: Gradient, under ink: Ink, in steps: [Float]) -> Gradient? {
    let ends = (OKLCH(gradient.first), OKLCH(gradient.second))
    func shifted(by step: Float) -> Gradient { Gradient(from: ends.0.shifted(by: step), to: ends.1.shifted(by: step), gradient.direction) }
    let first = steps.partitioningIndex { step in ink.worstContrast(on: shifted(by: step).stops) >= Tone.contrast }
    return first < steps.count ? shifted(by: steps[first]) : nil
  }

  private static let lightSteps = stride(from: Float(0), through: 0.17, by: 0.01).map { -$0 }
  private static let darkSteps = stride(from: Float(0), through: 0.4, by: 0.02).map(\.self)
}

extension OKLCH {
  /// The colour with another lightness.
  fileprivate func shifted(by step: Float) -> Colour {
    guard step != 0 else { return colour }
    var shifted = self
    shifted.lightness = min(lightness + step, 1)
    return shifted.colour
  }
}
