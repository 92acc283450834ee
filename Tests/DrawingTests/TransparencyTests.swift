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
