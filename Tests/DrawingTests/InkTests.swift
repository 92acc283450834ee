import Testing

@testable import Drawing

struct InkTests {
  @Test(arguments: Palette.vivid + Palette.natural)
  func `text stands out on every colour of the palettes`(colour: Colour) {
    #expect(Ink.mostReadable(on: [colour]).colour.contrast(with: colour) >= 4.5)
  }

  @Test(arguments: Pattern.allCases)
  func `a panel lets text stand out on every gradient and pattern`(pattern: Pattern) {
    let tile = pattern.tile(unit: 8)
    for palette in [Palette.vivid, Palette.natural] {
      for (first, second) in zip(palette + palette, palette.dropFirst() + palette.dropFirst(3)) {
        let gradient = Gradient(from: first, to: second, .diagonal)
        let tone = Tone(background: .gradient(gradient), pattern: tile)
        let panel = tone.panelOpacity ?? Opacity(0)
        let plain = Ramp(gradient, count: 40).colours
        let inked = plain.map { $0.under(tone.patternInk, opacity: tile.densest) }
        let seen = (plain + inked).map { $0.under(tone.textInk.opposite, opacity: panel) }
        #expect(tone.textInk.worstContrast(on: seen) >= 4.5)
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

extension Ramp {
  fileprivate var colours: [Colour] { (0..<bytes.count / 3).map { self[$0] } }
}
