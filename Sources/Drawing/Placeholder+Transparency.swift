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
    canvas.colours.paint(composition.ground)
    canvas.colours.drawText(of: composition, tone: tone(with: nil))
    canvas.coverage.paint(.solid(Self.absent.colour))
    if let tile = composition.tile { canvas.coverage.reveal(tile, in: composition.layout) }
    for layer in composition.textLayers { canvas.coverage.fill(layer.panel, with: Self.present, opacity: .opaque) }
    canvas.colours.reduce(to: description.completeness)
    canvas.coverage.reduce(to: description.completeness)
    canvas.combine()
  }

  fileprivate static let absent = Ink(level: 0)
  fileprivate static let present = Ink(level: 255)
}

extension Canvas {
  /// Lays a pattern on black, white where it is densest, within rounded corners that leave the picture's own corners free.
  fileprivate mutating func reveal(_ tile: Tile, in layout: Layout) {
    let field = RoundedRectangle(
      columns: Float(layout.safe.columns.lowerBound)...Float(layout.safe.columns.upperBound),
      rows: Float(layout.safe.rows.lowerBound)...Float(layout.safe.rows.upperBound),
      radius: Float(min(layout.safe.width, layout.safe.height) / 8))
    fill(field, with: Placeholder.present, opacity: Self.fieldOpacity)
    cover(with: tile.gaps, ink: Placeholder.absent)
  }

  /// A page shines through the pattern even where it is densest.
  private static let fieldOpacity = Opacity(0.85)
}
