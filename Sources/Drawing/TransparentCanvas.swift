/// RGBA rows with PNG's filter byte in place, made of two canvases: one of colours, and one that says how much of them is seen.
///
/// ```
/// row y:  │ 0 │ r g b a │ r g b a │ … │      stride = 1 + 4 · width, not premultiplied
/// ```
///
/// Transparent pictures are rare: they pay for all of it, opaque ones for nothing.
package struct TransparentCanvas: ~Copyable {
  var colours: Canvas
  /// White where the colours are seen, black where they are not.
  var coverage: Canvas
  private var rows: [UInt8] = []

  package init() {
    let size = PictureSize(width: 1, height: 1)!
    colours = Canvas(size: size)
    coverage = Canvas(size: size)
  }

  package var size: PictureSize { colours.size }

  /// Bytes that it occupies, used or not.
  package var capacity: Int { colours.capacity + coverage.capacity + rows.capacity }

  /// Reads all rows, filter bytes included.
  package func withRows<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(rows.span)
  }

  /// Makes rows of what the two canvases show.
  mutating func combine() {
    let count = (1 + 4 * size.width) * size.height
    if rows.count != count { rows = [UInt8](repeating: 0, count: count) }
    Self.combine(colours, coverage, into: &rows)
  }

  private static func combine(_ colours: borrowing Canvas, _ coverage: borrowing Canvas, into rows: inout [UInt8]) {
    let (width, height) = (colours.size.width, colours.size.height)
    var target = rows.mutableSpan
    colours.withRows { colours in
      coverage.withRows { coverage in
        for y in 0..<height {
          let pixels = y * (1 + 3 * width) + 1..<(y + 1) * (1 + 3 * width)
          target.interleave(colours.extracting(pixels), coverage: coverage.extracting(pixels), at: y * (1 + 4 * width) + 1)
        }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Writes RGBA pixels of RGB ones, of which the first channel of `coverage` is the alpha. What is not seen becomes black, which
  /// compresses best.
  fileprivate mutating func interleave(_ colours: Span<UInt8>, coverage: Span<UInt8>, at offset: Int) {
    let pixels = colours.count / 3
    precondition(coverage.count == colours.count && offset >= 0 && offset + 4 * pixels <= count, "row ends outside the rows")
    for pixel in 0..<pixels {
      let (source, target) = (3 &* pixel, offset &+ 4 &* pixel)
      let alpha = unsafe coverage[unchecked: source]
      let isSeen: UInt8 = alpha > 0 ? 255 : 0
      unsafe self[unchecked: target] = colours[unchecked: source] & isSeen
      unsafe self[unchecked: target &+ 1] = colours[unchecked: source &+ 1] & isSeen
      unsafe self[unchecked: target &+ 2] = colours[unchecked: source &+ 2] & isSeen
      unsafe self[unchecked: target &+ 3] = alpha
    }
  }
}

extension Placeholder {
  /// Draws all of it but the background, on a canvas that takes the description's size: the pattern in the background's colours, and the
  /// text on panels of them.
  ///
  /// What is seen through is decided apart from the colours, white on black, so that all that draws on an opaque canvas draws here too.
  package func draw(on canvas: inout TransparentCanvas, with textRenderer: TextRenderer) {
    let size = description.size
    canvas.colours.resize(to: size)
    canvas.coverage.resize(to: size)
    let composition = Composition(self, tiles: &canvas.coverage.tiles, with: textRenderer)
    canvas.colours.paint(composition.background)
    canvas.colours.drawText(of: composition, tone: tone(with: nil))
    canvas.coverage.paint(.solid(Self.absent.colour))
    if let tile = composition.tile { canvas.coverage.reveal(tile, in: composition.layout) }
    for layer in composition.textLayers { canvas.coverage.fill(layer.panel, with: Self.present, opacity: .opaque) }
    canvas.colours.reduce(to: description.stage)
    canvas.coverage.reduce(to: description.stage)
    canvas.combine()
  }

  /// A page shines through the pattern even where it is densest.
  static let fieldOpacity: Float = 0.85
  fileprivate static let absent = Ink(level: 0)
  fileprivate static let present = Ink(level: 255)
}

extension Canvas {
  /// Lays a pattern on black, white where it is densest, within rounded corners that leave the picture's own corners free.
  fileprivate mutating func reveal(_ tile: Tile, in layout: Layout) {
    fill(RoundedRectangle(layout.safe, radius: layout.safeRadius), with: Placeholder.present, opacity: Opacity(Placeholder.fieldOpacity))
    cover(with: tile.gaps, ink: Placeholder.absent)
  }
}
