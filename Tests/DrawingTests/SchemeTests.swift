import Testing

@testable import Drawing

/// Tests for the backgrounds that are made of the palettes' colours.
struct SchemeTests {
  /// The lightness is found by halving. This tries every step.
  @Test(arguments: Style.allCases)
  func `a gradient is darkened, or else lightened, only as far as its text needs`(style: Style) throws {
    let colours = Palette.colours(of: style)
    let steps = (0...17).map { (ink: Ink.light, lightness: Float($0) * -0.01) } + (0...20).map { (ink: .dark, lightness: Float($0) * 0.02) }
    for first in colours {
      for second in Palette.neighbours(of: first, in: colours) {
        let candidates = steps.lazy.map { ink, lightness in
          (ink, Gradient(from: Self.shifted(first, by: lightness), to: Self.shifted(second, by: lightness), .horizontal))
        }
        let least = try #require(candidates.first { ink, gradient in ink.worstContrast(on: gradient.stops) >= Tone.contrast }?.1)
        let gradient = Scheme.gradient(from: first, to: second, .horizontal)
        #expect(gradient.first.distance(to: least.first) <= 1 && gradient.second.distance(to: least.second) <= 1, "\(first) to \(second)")
      }
    }
  }

  private static func shifted(_ colour: Colour, by lightness: Float) -> Colour {
    var shifted = OKLCH(colour)
    shifted.lightness = min(shifted.lightness + lightness, 1)
    return shifted.colour
  }

  @Test(arguments: Style.allCases, [1, 9])
  func `text is readable in every frame of a plain background`(style: Style, count: Int) {
    for index in 0..<10 {
      for (frame, motion) in (0..<count).flatMap({ frame in Motion.allCases.map { (frame, $0) } }) {
        var placeholder = Placeholder.mock(.mock(style: style, index: index))
        placeholder.frame = AnimationFrame(frame: frame, of: count, motion)
        let contrast = placeholder.tone.textInk.worstContrast(on: placeholder.frameBackground.colours)
        #expect(contrast >= 4.5, "\(index), \(frame), \(motion)")
      }
    }
  }
}
