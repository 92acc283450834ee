import Testing

@testable import Drawing

/// Rows of a picture by a template that are known to equal the row above: they are neither drawn nor compared.
@Suite struct TemplateRowsTests {
  private static let size = PictureSize(width: 512, height: 512)!
  private static func textRenderer() -> TextRenderer { TextRenderer(font: Font.find()) }

  private static func solid(_ level: UInt8) -> Template.Fill.Paint { .solid(.fixed(Colour(red: level, green: level, blue: level))) }

  private static func text(_ setting: Template.Text.Setting) -> Template.Layer {
    .text(Template.Text(try! TemplateText(parsing: "Ågjpqy lake"), setting))
  }

  private static let middle = Template.Place(left: 0.3, top: 0.3, width: 0.4, height: 0.4)
  private static let image = TemplateImage(
    Upload(width: 4, height: 4, pixels: (0..<64).map { UInt8($0 * 4) }), id: TemplateFileID(1))

  static let templates: [(name: String, layers: [Template.Layer])] = [
    ("a card", [.fill(Template.Fill(.card)), text(.title), text(.watermark)]),
    ("nothing but text", [text(.title)]),
    ("a box", [.fill(Template.Fill(solid(9))), .fill(Template.Fill(solid(200), in: middle))]),
    ("a round box", [.fill(Template.Fill(.card)), .fill(Template.Fill(solid(200), in: middle, corners: 0.1))]),
    ("an image", [.fill(Template.Fill(.card)), .image(Template.Image(.file(image), in: middle))]),
    ("a gradient in a part", [.fill(Template.Fill(.card)), .fill(Template.Fill(.paletteGradient(.vertical), in: middle))]),
    (
      "text on what only the canvas can tell",
      [
        .fill(Template.Fill(solid(0))), .fill(Template.Fill(solid(90), opacity: 0.5)),
        text(.box(Template.BoxSetting(in: middle, sizes: 0.03...0.03))),
      ]
    ),
  ]

  private static func picture(_ layers: [Template.Layer], quality: Quality = .standard) -> TemplatePicture {
    let placeholder = Placeholder.mock(.mock(size: size.description, quality: quality))
    return TemplatePicture(Template(name: "card", layers: layers), placeholder, words: TemplateWords())
  }

  /// Draws on a canvas on which every byte of a pixel was 255.
  private static func drawn(_ picture: TemplatePicture, leavesOutRepeated: Bool) -> (pixels: Pixels, repeated: [Range<Int>]) {
    var canvas = Canvas(size: size)
    canvas.paint(.solid(Colour(red: 255, green: 255, blue: 255)))
    let repeated = picture.draw(on: &canvas, with: textRenderer(), TemplateCache(), leavesOutRepeated: leavesOutRepeated)
    return (Pixels(canvas), repeated)
  }

  @Test(arguments: templates.indices) func `they equal the row above, and the others are drawn as if all were`(_ index: Int) {
    let (name, layers) = Self.templates[index]
    let picture = Self.picture(layers)
    let whole = Self.drawn(picture, leavesOutRepeated: false)
    let part = Self.drawn(picture, leavesOutRepeated: true)
    #expect(whole.repeated == part.repeated)
    #expect(part.repeated.map(\.count).reduce(0, +) > 100, "\(name)")
    let columns = 0..<Self.size.width
    for range in part.repeated {
      let areEqual = range.allSatisfy { whole.pixels.hasEqualBytes(to: whole.pixels, row: $0, columns: columns, asRow: $0 - 1) }
      #expect(areEqual, "\(name): \(range)")
    }
    let left = Set(part.repeated.flatMap { $0.dropLast() })
    let areDrawn = (0..<Self.size.height).filter { !left.contains($0) }
      .allSatisfy { part.pixels.hasEqualBytes(to: whole.pixels, row: $0, columns: columns) }
    #expect(areDrawn, "\(name)")
  }

  @Test func `most rows of a card are not drawn`() {
    let (pixels, repeated) = Self.drawn(Self.picture(Self.templates[0].layers), leavesOutRepeated: true)
    let white = Colour(red: 255, green: 255, blue: 255)
    #expect(repeated.flatMap { $0.dropLast() }.allSatisfy { pixels[0, $0] == white })
    #expect(repeated.allSatisfy { pixels[0, $0.upperBound - 1] != white })
    #expect(2 * repeated.map(\.count).reduce(0, +) > Self.size.height)
  }

  @Test func `a gradient and a pattern have none`() {
    for layer in [Template.Fill(.paletteGradient(.horizontal)), Template.Fill(.pattern(.waves, nil))] {
      #expect(Self.drawn(Self.picture([.fill(layer), Self.text(.title)]), leavesOutRepeated: true).repeated.isEmpty)
    }
  }

  @Test func `what a background hides is not drawn`() {
    let card = Template.Layer.fill(Template.Fill(.card))
    let hidden = [card, .fill(Template.Fill(.pattern(.waves, nil))), Self.text(.title), card]
    var tiles = TileCache()
    #expect(Self.picture(hidden).seenLayers(tiles: &tiles, with: Self.textRenderer(), TemplateCache()).count == 1)
  }

  @Test func `rows are filtered if most of them change across`() {
    func changes(_ layers: Template.Layer..., quality: Quality = .standard) -> Bool {
      Self.picture(layers, quality: quality).changesFromRowToRow
    }
    #expect(!changes(.fill(Template.Fill(.card)), Self.text(.title)))
    #expect(changes(.fill(Template.Fill(.paletteGradient(.horizontal))), Self.text(.title)))
    #expect(!changes(.fill(Template.Fill(.paletteGradient(.horizontal))), .fill(Template.Fill(.card))))
    #expect(!changes(.fill(Template.Fill(.paletteGradient(.vertical)))))
    #expect(changes(.fill(Template.Fill(.card)), .image(Template.Image(.file(Self.image)))))
    #expect(!changes(.fill(Template.Fill(.card)), .image(Template.Image(.file(Self.image), in: Self.middle))))
    #expect(!changes(Self.text(.title)))
  }
}
