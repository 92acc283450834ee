import Testing

@testable import Drawing

struct TransparencyTests {
  static let sizes = ["256x256", "512x256", "240x400", "1x1", "7x5", "40x20"]

  static func draw(_ description: PictureDescription) -> (rows: [UInt8], alphas: [[UInt8]]) {
    var canvas = TransparentCanvas()
    Placeholder.mock(description).draw(on: &canvas, with: TextRenderer(font: Font.find()))
    let rows = canvas.withRows { rows in unsafe rows.withUnsafeBufferPointer { unsafe Array($0) } }
    let stride = 1 + 4 * canvas.size.width
    let alphas = (0..<canvas.size.height).map { y in (0..<canvas.size.width).map { x in rows[y * stride + 4 + 4 * x] } }
    return (rows, alphas)
  }

  @Test(arguments: Quality.allCases, sizes)
  func `the corners are transparent and the rows are a canvas's`(quality: Quality, size: String) {
    let description = PictureDescription.mock(size: size, quality: quality, isTransparent: true)
    let (rows, alphas) = Self.draw(description)
    #expect(rows.count == (1 + 4 * description.size.width) * description.size.height)
    #expect((0..<description.size.height).allSatisfy { rows[$0 * (1 + 4 * description.size.width)] == 0 })
    for row in [alphas[0], alphas[alphas.count - 1]] { #expect((row[0], row[row.count - 1]) == (0, 0)) }
  }

  @Test func `text stands on a panel that nothing shines through`() {
    for quality in Quality.allCases {
      let (_, alphas) = Self.draw(.mock(quality: quality, isTransparent: true))
      #expect(alphas[128][40..<216].allSatisfy { $0 == 255 })
    }
  }

  @Test func `a pattern is translucent, and standard quality has none`() {
    let levels = Set(Self.draw(.mock("", quality: .hd, isTransparent: true)).alphas[20...200].joined())
    #expect(levels.contains(0))
    #expect(levels.contains { (50..<230).contains($0) })
    #expect(!levels.contains(255))
    #expect(Set(Self.draw(.mock("", isTransparent: true)).alphas[20...200].joined()) == [0])
  }

  /// The rounded field used to cut dots into wedges.
  @Test(arguments: Pattern.allCases.filter(\.hasFigures), ["1024x1024", "1536x1024", "512x1024", "256x256"])
  func `figures are whole: none is cut by the edge, by another edge or by a label`(pattern: Pattern, size: String) throws {
    let description = PictureDescription.mock("A fox", size: size, quality: .hd, isTransparent: true)
    let (layout, placeholder) = (Layout(description.size), Placeholder.mock(description))
    let texts = placeholder.texts(in: layout, with: TextRenderer(font: Font.find()))
    let labels = [texts.prompt, texts.watermark].compactMap { $0?.panel }
    let figures = placeholder.figures(of: pattern.tile(unit: placeholder.patternUnit(in: layout)), in: layout, around: labels)
    var canvas = Canvas(size: description.size)
    canvas.paint(.solid(Colour(red: 0, green: 0, blue: 0)))
    canvas.fill(figures, with: Ink(level: 255))
    let drawn = Pixels(canvas)
    let edges = try #require(drawn.changedBox(from: .plain(description.size, Colour(red: 0, green: 0, blue: 0))))
    #expect(edges.intersection(layout.safe) == edges)
    for label in labels {
      #expect(label.rows.allSatisfy { y in label.columns.allSatisfy { drawn[$0, y].red == 0 } })
    }
    // All copies of a figure have the same pixels.
    for figure in figures.figures {
      let copies = figure.places.map { figure.box.moved(x: $0.x, y: $0.y) }
      #expect(copies.allSatisfy { $0.intersection(layout.safe) == $0 })
      #expect(!copies.contains { copy in labels.contains(where: copy.overlaps) })
    }
    #expect(figures.figures.reduce(0) { $0 + $1.places.count } >= 8)
    let densest = try #require(drawn.colours.map(\.red).max())
    #expect((140...222).contains(densest), "the pattern is seen, and so is the page behind it: \(densest)")
  }

  @Test(arguments: [
    (Pattern.circles, 1), (.diamonds, 1), (.rings, 2), (.cubes, 2), (.chevrons, 2), (.crosses, 2), (.squares, 2), (.dots, 2), (.bricks, 4),
  ])
  func `shapes that belong together are one figure`(pattern: Pattern, count: Int) {
    let size = PictureDescription.mock(size: "512x512").size
    let figures = Figures(of: pattern.tile(unit: 8), on: size, in: Layout(size), around: []).figures
    #expect(figures.count == count && figures.allSatisfy { !$0.places.isEmpty })
  }

  @Test(arguments: sizes.filter { $0.count > 5 })
  func `labels lie as far from the right as from the bottom, within the round corner`(size: String) throws {
    let description = PictureDescription.mock("", size: size, isTransparent: true)
    let layout = Layout(description.size)
    guard let label = Placeholder.mock(description).texts(in: layout, with: TextRenderer(font: nil)).watermark?.panel else { return }
    #expect(description.size.width - label.columns.upperBound == description.size.height - label.rows.upperBound)
    #expect(label.intersection(layout.safe) == label)
  }

  @Test func `invisible pixels are black`() {
    let (rows, alphas) = Self.draw(.mock(quality: .hd, isTransparent: true))
    for (y, row) in alphas.enumerated() {
      for (x, alpha) in row.enumerated() where alpha == 0 {
        let offset = y * (1 + 4 * row.count) + 1 + 4 * x
        #expect(rows[offset..<offset + 3].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func `a used canvas leaves no trace`() {
    let description = PictureDescription.mock(quality: .hd, isTransparent: true)
    var canvas = TransparentCanvas()
    let textRenderer = TextRenderer(font: nil)
    for other in [PictureDescription.mock(size: "300x200", quality: .hd, isTransparent: true), .mock("Other", isTransparent: true)] {
      Placeholder.mock(other).draw(on: &canvas, with: textRenderer)
    }
    Placeholder.mock(description).draw(on: &canvas, with: textRenderer)
    var fresh = TransparentCanvas()
    Placeholder.mock(description).draw(on: &fresh, with: textRenderer)
    let (used, expected) = (canvas.withRows { $0.checksum }, fresh.withRows { $0.checksum })
    #expect(used == expected)
  }
}

extension Span<UInt8> {
  /// FNV-1a.
  fileprivate var checksum: UInt64 {
    indices.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64(self[$1])) &* 0x0000_0100_0000_01B3 }
  }
}
