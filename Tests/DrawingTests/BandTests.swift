import Testing

@testable import Drawing

/// Expects equal bytes, and reports how many differ. `#expect` would list all of them.
private func expectEqual(_ rows: [UInt8], _ whole: [UInt8], _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let isEqual = rows == whole
  #expect(isEqual, "\(what): \(zip(rows, whole).count { $0 != $1 }) bytes differ", sourceLocation: sourceLocation)
}

struct BandTests {
  /// The rows of all bands, drawn on a canvas with room for one band.
  static func rows(of placeholder: Placeholder, height: Int, with textRenderer: TextRenderer) -> [UInt8] {
    let size = placeholder.description.size
    var canvas = Canvas(size: PictureDescription.mock(size: "64x64").size)
    let composition = Composition(placeholder, tiles: &canvas.tiles, with: textRenderer)
    var rows: [UInt8] = []
    for top in stride(from: 0, to: size.height, by: height) {
      canvas.resize(to: size, band: top..<min(top + height, size.height))
      canvas.draw(composition)
      canvas.withRows { band in unsafe band.withUnsafeBufferPointer { rows += unsafe $0 } }
    }
    return rows
  }

  @Test(arguments: Gradient.Direction.allCases, Pattern.allCases)
  func `bands show the same as the whole picture, on every gradient under every pattern`(direction: Gradient.Direction, pattern: Pattern) {
    let textRenderer = TextRenderer(font: Font.find())
    var placeholder = Placeholder.mock(.mock("Ålesund, høst · 静かな湖 🦢", size: "301x257", quality: .hd))
    placeholder.background = .gradient(Gradient(from: GradientTests.red, to: GradientTests.blue, direction))
    placeholder.pattern = pattern
    let whole = Pixels(placeholder, with: textRenderer).rows
    for height in [1, 7, 64, 256] { expectEqual(Self.rows(of: placeholder, height: height, with: textRenderer), whole, "\(height) rows") }
  }

  @Test(arguments: [1, 10, 33, 100])
  func `bands show letters that lie in two of them`(height: Int) {
    for (name, textRenderer) in TextRenderer.all() {
      let placeholder = Placeholder.mock(.mock("Ågjpqy\u{0302}\u{0303} lake\non two lines", size: "200x160"))
      let whole = Pixels(placeholder, with: textRenderer).rows
      expectEqual(Self.rows(of: placeholder, height: height, with: textRenderer), whole, name)
    }
  }

  @Test(arguments: ["1024x1024", "1792x1024", "1024x1792", "3840x1280"])
  func `a large picture comes in bands that fit on the canvas of a usual one`(size: String) {
    let textRenderer = TextRenderer(font: Font.find())
    for quality in Quality.allCases {
      let placeholder = Placeholder.mock(.mock(size: size, quality: quality))
      var canvas = Canvas(size: PictureDescription.mock(size: "1024x1024").size)
      let capacity = canvas.capacity
      var rows: [UInt8] = []
      var count = 0
      placeholder.draw(on: &canvas, with: textRenderer) { band, repeated in
        rows += Self.completed(band, repeated, stride: 1 + 3 * placeholder.description.size.width)
        count += 1
      }
      expectEqual(rows, Pixels(placeholder, with: textRenderer).rows, "\(quality)")
      #expect((count > 1) == (size != "1024x1024"))
      #expect(canvas.capacity == capacity)
    }
  }

  /// The rows of a band, with those that equal the row above, which are not drawn.
  private static func completed(_ band: Span<UInt8>, _ repeated: [Range<Int>], stride: Int) -> [UInt8] {
    var rows = unsafe band.withUnsafeBufferPointer { unsafe Array($0) }
    for row in repeated.joined() {
      rows.replaceSubrange(row * stride..<(row + 1) * stride, with: Array(rows[(row - 1) * stride..<row * stride]))
    }
    return rows
  }

  @Test(arguments: ["1024x1024", "256x256", "3840x1280"])
  func `most rows of a plain picture are known to equal the ones above, and are not drawn`(size: String) {
    let textRenderer = TextRenderer(font: Font.find())
    let placeholder = Placeholder.mock(.mock("Ågjpqy lake", size: size))
    var canvas = Canvas(size: placeholder.description.size)
    var (rowCount, repeatedCount) = (0, 0)
    for _ in 0..<2 {
      // Whatever was on the canvas.
      canvas.resize(to: placeholder.description.size)
      let stride = canvas.stride
      canvas.withMutableRows { rows in for index in rows.indices where index % stride > 0 { rows[index] = 0xa5 } }
      placeholder.draw(on: &canvas, with: textRenderer) { band, repeated in
        rowCount += band.count / stride
        repeatedCount += repeated.map(\.count).reduce(0, +)
        for range in repeated where rowCount * stride == band.count {
          #expect(band[range.lowerBound * stride + 1] == 0xa5)
          #expect(band[(range.upperBound - 1) * stride + 1] != 0xa5)
        }
      }
    }
    #expect(2 * repeatedCount > rowCount)
  }

  @Test(arguments: [(Quality.hd, "a lake"), (.standard, Array(repeating: "a long prompt", count: 300).joined(separator: " "))])
  func `no row of a gradient or of a picture full of letters counts as repeated without being so`(quality: Quality, prompt: String) {
    let textRenderer = TextRenderer(font: Font.find())
    let placeholder = Placeholder.mock(.mock(prompt, size: "512x512", quality: quality))
    var canvas = Canvas(size: placeholder.description.size)
    let whole = Pixels(placeholder, with: textRenderer).rows
    placeholder.draw(on: &canvas, with: textRenderer) { band, repeated in
      if quality == .hd { #expect(repeated.isEmpty) }
      expectEqual(Self.completed(band, repeated, stride: 1 + 3 * 512), whole, prompt)
    }
  }

  @Test func `a canvas that held a band holds a whole picture again`() {
    let textRenderer = TextRenderer(font: nil)
    let small = Placeholder.mock(.mock(size: "64x64", quality: .hd))
    var canvas = Canvas(size: small.description.size)
    canvas.resize(to: small.description.size, band: 16..<32)
    canvas.paint(.solid(GradientTests.red))
    #expect(Pixels(canvas).rows.count == canvas.stride * 16)
    small.draw(on: &canvas, with: textRenderer)
    #expect(Pixels(canvas) == Pixels(small, with: textRenderer))
  }
}
