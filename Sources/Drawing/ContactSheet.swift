/// An overview of every pattern on every gradient in both palettes, patterns from top to bottom and gradients from left to right, and a gallery
/// of pictures below.
package struct ContactSheet: Sendable {
  private let patterns = Pattern.allCases
  private let columns = Style.allCases.flatMap { style in Gradient.Direction.allCases.map { Column(style: style, direction: $0) } }

  private let gallery = Gallery()

  private struct Column: Sendable {
    let style: Style
    let direction: Gradient.Direction
  }

  package init() {}

  /// The size of the whole sheet.
  package var size: PictureSize {
    PictureSize(width: width, height: top(ofRow: patterns.count) + gallery.height(width: width - 2 * Self.margin) + 2 * Self.margin)!
  }

  private var width: Int { left(ofColumn: columns.count - 1) + Self.cell.width + Self.margin }

  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    canvas.resize(to: size)
    canvas.paint(.solid(Ink.light.colour))
    drawHeadings(on: &canvas, with: textRenderer)
    var cell = Canvas(size: Self.cell)
    for (row, pattern) in patterns.enumerated() {
      let middle = top(ofRow: row) + Self.cell.height / 2
      canvas.label(
        pattern.rawValue, .right(Self.margin + Self.labelWidth - Self.gap), middle: middle, size: Self.textSize, with: textRenderer)
      for (index, column) in columns.enumerated() {
        cell.drawSample(of: pattern, on: Scheme.gradient(row + index, of: column.style, column.direction))
        canvas.paste(cell, x: left(ofColumn: index), y: top(ofRow: row))
      }
    }
    gallery.draw(
      on: &canvas, left: Self.margin, top: top(ofRow: patterns.count) + Self.margin, width: width - 2 * Self.margin, with: textRenderer)
  }

  private func drawHeadings(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    let (palettes, directions) = (Self.margin + Self.headingHeight / 2, Self.margin + Self.headingHeight * 3 / 2)
    for (index, column) in columns.enumerated() {
      let centre = left(ofColumn: index) + Self.cell.width / 2
      canvas.label("\(column.direction)", .centre(centre), middle: directions, size: Self.textSize, with: textRenderer)
      guard column.direction == Gradient.Direction.allCases.first else { continue }
      canvas.label(
        column.style.rawValue, .left(left(ofColumn: index)), middle: palettes, size: Self.headingSize, with: textRenderer)
    }
  }

  private func left(ofColumn index: Int) -> Int {
    let palettesBefore = index / Gradient.Direction.allCases.count
    return Self.margin + Self.labelWidth + index * (Self.cell.width + Self.gap) + palettesBefore * Self.margin
  }

  private func top(ofRow index: Int) -> Int {
    Self.margin + 2 * Self.headingHeight + index * (Self.cell.height + Self.gap)
  }

  private static let cell = PictureSize(width: 54, height: 36)!
  private static let gap = 4
  private static let margin = 16
  private static let labelWidth = 84
  private static let headingHeight = 22
  private static let headingSize = 15
  private static let textSize = 11
}

extension Canvas {
  /// Fills the canvas with a pattern on a gradient.
  fileprivate mutating func drawSample(of pattern: Pattern, on gradient: Gradient) {
    let tile = tiles.tile(pattern, unit: 3)
    paint(.gradient(gradient))
    cover(with: tile, ink: Tone(on: .gradient(gradient)).patternInk)
  }

  /// Copies another canvas to a place where it fits as a whole.
  fileprivate mutating func paste(_ other: borrowing Canvas, x: Int, y: Int) {
    let (target, stride) = (offset(x: x, y: y), stride)
    let (otherStride, height) = (other.stride, other.size.height)
    other.withRows { source in
      withMutableRows { rows in
        for row in 0..<height {
          rows.copy(source.extracting(row * otherStride + 1..<(row + 1) * otherStride), to: target + row * stride)
        }
      }
    }
  }
}

extension Canvas {
  /// The point of a label whose column is given.
  enum LabelAnchor {
    case left(Int)
    case centre(Int)
    case right(Int)

    /// The left end of a label of this width.
    fileprivate func left(width: Float) -> Float {
      switch self {
      case .left(let x): Float(x)
      case .centre(let x): Float(x) - width / 2
      case .right(let x): Float(x) - width
      }
    }
  }

  /// Writes one line in dark ink.
  ///
  /// - Parameters:
  ///   - middle: the row on which the capitals are centred.
  ///   - pixelSize: pixels an em.
  mutating func label(_ text: String, _ anchor: LabelAnchor, middle: Int, size pixelSize: Int, with textRenderer: TextRenderer) {
    let shaped = textRenderer.shape(text, limit: size.width, keepsLines: false, role: .caption)
    let fitting = TextFitting(
      text: shaped, width: size.width, height: 2 * pixelSize, sizes: pixelSize...pixelSize)
    let line = fitting.line()
    let baseline = middle + Int(textRenderer.face(for: .caption).capHeight * Float(pixelSize) / 2)
    let place = TextPlace(left: anchor.left(width: line.width), baseline: baseline, of: line)
    let whole = Box(left: 0, top: 0, right: size.width, bottom: size.height)
    var layer = TextLayer(panel: place.ink, radius: 0)
    layer.append(line, at: place, with: textRenderer)
    draw(layer, ink: .dark, within: whole)
  }
}
