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

  @Test func `on 2,000 pictures, letters have a contrast of 4,5 to all that lies under them, and none lies outside`() throws {
    let textRenderer = TextRenderer(font: Font.find())
    for seed in 0..<2000 as Range<UInt64> {
      let description = Self.description(seed: seed)
      var canvas = Canvas(size: description.size)
      let composition = Composition(.mock(description), tiles: &canvas.tiles, with: textRenderer)
      canvas.paint(composition.background)
      Self.expectChroma(of: Pixels(canvas), description)
      canvas.drawBackground(of: composition)
      let under = Pixels(canvas)
      canvas.drawText(of: composition, ink: composition.tone.textInk)
      let (covered, box) = Pixels(canvas).changes(from: under)
      #expect(composition.tone.textInk.worstContrast(on: Array(covered)) >= 4.5, "seed \(seed)")
      #expect(box.intersection(composition.layout.safe) == box && box.width > 0, "seed \(seed)")
      try Self.expectSize(of: description, in: composition.layout, with: textRenderer)
    }
  }

  /// No colour of a vivid gradient is greyer than 60 % of the greyer end.
  private static func expectChroma(of background: Pixels, _ description: PictureDescription) {
    guard case .gradient(let gradient) = Placeholder.mock(description).background, description.style == .vivid else { return }
    let ends = min(OKLCH(gradient.first).chroma, OKLCH(gradient.second).chroma)
    let (columns, rows) = (stride(from: 0, to: background.size.width, by: 6), stride(from: 0, to: background.size.height, by: 6))
    let some = Set(rows.flatMap { y in columns.map { x in background[x, y] } })
    #expect(some.allSatisfy { OKLCH($0).chroma >= 0.6 * ends }, "seed \(description.seed)")
  }

  /// No text is smaller than can be read, and a short one has at least a tenth of the shorter side.
  private static func expectSize(of description: PictureDescription, in layout: Layout, with textRenderer: TextRenderer) throws {
    let prompt = try #require(PlacedText(prompt: description.prompt, in: layout, with: textRenderer))
    #expect(prompt.pixelSize >= layout.promptSizes.lowerBound, "seed \(description.seed)")
    let isShort = description.prompt.unicodeScalars.count <= 10
    if isShort { #expect(10 * prompt.pixelSize >= min(description.size.width, description.size.height), "seed \(description.seed)") }
  }

  /// With hardly a letter, nearly all pixels beside the upload are what lies under letters.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `the text of edits and variations stands out from the whitest upload`(seed: UInt64) throws {
    let white = Upload(width: 3, height: 2, pixels: [UInt8](repeating: 255, count: 24))
    var description = Self.description(seed: seed)
    (description.prompt, description.model) = (".", "")
    let placeholder = Placeholder(description, timestamp: "")
    let area = Layout.besideUploads(description.size, hasPrompt: true).uploads
    var canvas = Canvas(size: description.size)
    EditedPicture(placeholder, uploads: [white]).draw(on: &canvas, with: TextRenderer(font: nil))
    #expect(Self.unreadable(Pixels(canvas), around: area) < 0.02)
    let whole = Layout.besideUploads(description.size, hasPrompt: false).uploads
    VariedPicture(placeholder, of: white).draw(on: &canvas, with: TextRenderer(font: nil))
    #expect(Self.unreadable(Pixels(canvas), around: whole) < 0.02)
  }

  /// The share of pixels outside a box on which light text has less than the contrast.
  private static func unreadable(_ pixels: Pixels, around box: Box) -> Float {
    let outside = (0..<pixels.size.height).flatMap { y in (0..<pixels.size.width).map { x in (x: x, y: y) } }
      .filter { !box.columns.contains($0.x) || !box.rows.contains($0.y) }
    return Float(outside.count { Ink.light.colour.contrast(with: pixels[$0.x, $0.y]) < 4.5 }) / Float(outside.count)
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
