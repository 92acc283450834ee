import Testing

@testable import Drawing

struct InkTests {
  @Test(arguments: Palette.vivid + Palette.natural)
  func `text stands out on every colour of the palettes`(colour: Colour) {
    #expect(Ink.mostReadable(on: [colour]).colour.contrast(with: colour) >= 4.5)
  }

  /// Measured on pixels, not on the intended colours.
  @Test(arguments: Pattern.allCases)
  func `text stands out on every pixel of every gradient under every pattern`(pattern: Pattern) {
    var canvas = Canvas(size: PictureDescription.mock(size: "64x64").size)
    let tile = pattern.tile(unit: 4)
    for palette in [Palette.vivid, Palette.natural] {
      for first in palette {
        for second in Palette.neighbours(of: first, in: palette) {
          let background = Background.gradient(Scheme.gradient(from: first, to: second, .diagonal))
          let tone = Tone(on: background)
          canvas.paint(background)
          canvas.cover(with: tile, ink: tone.patternInk)
          let worst = tone.textInk.worstContrast(on: Array(Set(Pixels(canvas).colours)))
          #expect(worst >= 4.5, "\(pattern) over \(background)")
        }
      }
    }
  }

  @Test(arguments: [("#000000", 0, 21.0), ("#777777", 119, 4.48), ("#ffffff", 255, 1.0)])
  func `contrast is WCAG's`(name: String, level: UInt8, expected: Float) {
    let white = Colour(red: 255, green: 255, blue: 255)
    #expect(abs(white.contrast(with: Colour(red: level, green: level, blue: level)) - expected) < 0.01)
  }

  @Test func `opaque ink replaces, absent ink leaves, half of it lies between`() {
    var canvas = Canvas(size: PictureDescription.mock(size: "48x1").size)
    for (opacity, expected): (Float, UInt8) in [(0, 100), (0.5, 176), (1, 252)] {
      canvas.paint(.solid(Colour(red: 100, green: 100, blue: 100)))
      canvas.fill(RoundedRectangle(columns: 0...48, rows: 0...1, radius: 0), with: .light, opacity: Opacity(opacity))
      #expect(Set(Pixels(canvas).colours.map(\.red)) == [expected])
    }
  }
}
