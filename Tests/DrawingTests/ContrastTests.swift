import Hashing
import Testing

@testable import Drawing

/// The contrast of letters with what lies under them, measured on the pixels of whole pictures.
struct ContrastTests {
  static let sizes = ["256x256", "320x192", "192x320", "640x96", "96x480"]
  static let words = ["a", "cat", "lake", "glass", "Ångström", "harbour", "at", "night", "湖", "озеро", "mountains", "isometric", "of"]

  static func description(seed: UInt64) -> PictureDescription {
    var generator = SplitMix64(seed: seed)
    let prompt = (0...generator.next(below: 14)).map { _ in words[generator.next(below: words.count)] }.joined(separator: " ")
    return .mock(
      prompt, size: sizes[generator.next(below: sizes.count)], quality: generator.next(below: 4) == 0 ? .standard : .hd,
      style: Style.allCases[generator.next(below: 2)], index: generator.next(below: 10), seed: seed)
  }

  @Test func `on 2,000 pictures, letters have a contrast of 4,5 to all that lies under them, and none lies outside`() {
    let textRenderer = TextRenderer(font: Font.find())
    for seed in 0..<2000 as Range<UInt64> {
      let description = Self.description(seed: seed)
      var canvas = Canvas(size: description.size)
      let composition = Composition(.mock(description), tiles: &canvas.tiles, with: textRenderer)
      canvas.drawBackground(of: composition)
      let under = Pixels(canvas)
      canvas.drawText(of: composition, ink: composition.tone.textInk)
      let (covered, box) = Pixels(canvas).changes(from: under)
      #expect(composition.tone.textInk.worstContrast(on: Array(covered)) >= 4.5, "seed \(seed)")
      #expect(box.intersection(composition.layout.safe) == box && box.width > 0, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `the text of edits and variations stands out from the whitest upload`(seed: UInt64) throws {
    let white = Upload(width: 3, height: 2, pixels: [UInt8](repeating: 255, count: 24))
    let description = Self.description(seed: seed)
    let placeholder = Placeholder.mock(description)
    let (layout, area) = Layout.besideUploads(description.size, hasPrompt: true)
    var canvas = Canvas(size: description.size)
    EditedPicture(placeholder, uploads: [white]).draw(on: &canvas, with: TextRenderer(font: nil))
    for _ in 0..<2 {
      let pixels = Pixels(canvas)
      let outside = [layout.prompt, layout.watermark].flatMap { box in box.rows.flatMap { y in box.columns.map { (x: $0, y: y) } } }
        .filter { !area.columns.contains($0.x) || !area.rows.contains($0.y) }
      // What is darker than any mixture of the ink.
      let under = Set(outside.map { pixels[$0.x, $0.y] }.filter { $0.luminance < 0.18 })
      #expect(!under.isEmpty && Ink.light.worstContrast(on: Array(under)) >= 4.4)
      VariedPicture(placeholder, of: white).draw(on: &canvas, with: TextRenderer(font: nil))
    }
  }
}

extension Pixels {
  /// The colours that were under changed pixels, and the box around all changes.
  fileprivate func changes(from under: Pixels) -> (covered: Set<Colour>, box: Box) {
    guard let box = changedBox(from: under) else { return ([], Box(left: 0, top: 0, right: 0, bottom: 0)) }
    var covered: Set<Colour> = []
    for y in box.rows {
      for x in box.columns where self[x, y] != under[x, y] { covered.insert(under[x, y]) }
    }
    return (covered, box)
  }
}
