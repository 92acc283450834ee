/// RGBA rows with PNG's filter byte in place, made of two canvases: one of colours, and one of coverage, which becomes the alpha channel.
///
/// ```
/// row y:  │ 0 │ r g b a │ r g b a │ … │      stride = 1 + 4 · width, not premultiplied
/// ```
///
/// Transparent pictures are rare. They bear the whole cost of the second canvas, and opaque ones bear none.
package struct TransparentCanvas: ~Copyable {
  var colours: Canvas
  /// White where the colours are visible, black where they are not.
  var coverage: Canvas
  private var rows: [UInt8] = []

  package init() {
    let size = PictureSize(width: 1, height: 1)!
    colours = Canvas(size: size)
    coverage = Canvas(size: size)
  }

  package var size: PictureSize { colours.size }

  /// The bytes that the canvas occupies, used or not.
  package var capacity: Int { colours.capacity + coverage.capacity + rows.capacity }

  /// Reads all rows, filter bytes included.
  package func withRows<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(rows.span)
  }

  /// Makes the RGBA rows of the two canvases.
  mutating func combine() {
    let count = (1 + 4 * size.width) * size.height
    if rows.count != count { rows = [UInt8](repeating: 0, count: count) }
    Self.combine(colours, coverage, into: &rows)
  }

  /// Takes what was drawn twice, in the colours on black and in the coverage on white, apart into colours and coverage.
  mutating func separate() { Self.separate(&colours, &coverage) }

  private static func separate(_ colours: inout Canvas, _ coverage: inout Canvas) {
    let (width, height, stride) = (colours.size.width, colours.size.height, colours.stride)
    colours.withMutableRows { onBlack in
      coverage.withMutableRows { onWhite in
        for y in 0..<height { onBlack.separate(from: &onWhite, pixels: width, at: y * stride + 1) }
      }
    }
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
  /// Makes colours of pixels on black, and coverage of the same pixels on white, which differ by what shines through.
  fileprivate mutating func separate(from onWhite: inout MutableSpan<UInt8>, pixels: Int, at offset: Int) {
    precondition(offset >= 0 && offset + 3 * pixels <= Swift.min(count, onWhite.count), "row ends outside the rows")
    for first in Swift.stride(from: offset, to: offset + 3 * pixels, by: 3) {
      var through: UInt8 = 255
      for index in first..<first + 3 {
        let difference = unsafe Swift.max(onWhite[unchecked: index], self[unchecked: index]) &- self[unchecked: index]
        through = Swift.min(through, difference)
      }
      let alpha = UInt32(255 - through)
      for index in first..<first + 3 {
        let colour = unsafe (UInt32(self[unchecked: index]) * 255 + alpha / 2) / Swift.max(alpha, 1)
        unsafe self[unchecked: index] = UInt8(Swift.min(colour, 255))
        unsafe onWhite[unchecked: index] = UInt8(alpha)
      }
    }
  }

  /// Writes RGBA pixels. The first channel of `coverage` becomes alpha. Invisible pixels become black, which compresses best.
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
  /// Draws the placeholder without its background, after resizing the canvas to the description's size: the pattern in the background's
  /// colours, and the text on labels of them.
  ///
  /// The coverage is drawn apart from the colours, white on black, so that the code for opaque canvases draws here too.
  package func draw(on canvas: inout TransparentCanvas, with textRenderer: TextRenderer) {
    let size = description.size
    canvas.colours.resize(to: size)
    canvas.coverage.resize(to: size)
    let composition = Composition(self, tiles: &canvas.coverage.tiles, with: textRenderer)
    canvas.colours.paint(composition.background)
    canvas.colours.drawText(of: composition, ink: composition.tone.textInk)
    canvas.coverage.paint(.solid(Self.absent.colour))
    if let figures = composition.figures { canvas.coverage.fill(figures, with: Self.present) }
    for layer in composition.textLayers { canvas.coverage.fill(layer.panel, with: Self.present, opacity: .opaque) }
    canvas.colours.reduce(to: description.stage)
    canvas.coverage.reduce(to: description.stage)
    canvas.combine()
  }

  /// The opacity of the pattern where it is densest. The page behind the picture shows through even there.
  static let fieldOpacity: Float = 0.85
  private static let absent = Ink(level: 0)
  private static let present = Ink(level: 255)
}
