/// A picture that stands for what a model would have drawn: colours and a pattern derived from the request, its prompt, and a watermark
/// that says which model was asked when.
package struct Placeholder: Sendable {
  package let description: PictureDescription
  /// When the picture was asked for, as `YYYY-MM-DD HH:MM:SS`.
  package let timestamp: String
  package var background: Background
  /// Nil for none, as in standard quality.
  package var pattern: Pattern?
  /// Which moment of an animation is drawn; nil for a picture that stands still.
  package var frame: AnimationFrame?

  /// Decides what to draw; equal descriptions decide alike, in every process and version.
  package init(_ description: PictureDescription, timestamp: String) {
    self.description = description
    self.timestamp = timestamp
    let recipe = PictureRecipe(description)
    switch description.quality {
    case .standard:
      background = .solid(recipe.colour)
      pattern = nil
    case .hd:
      background = .gradient(Gradient(from: recipe.colour, to: recipe.secondColour, recipe.direction))
      pattern = recipe.pattern
    }
  }

  /// Draws all of it, on a canvas that takes the description's size.
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    canvas.resize(to: description.size)
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    canvas.draw(composition)
    canvas.reduce(to: description.stage)
  }

  /// Whether it can be: an unfinished picture's squares are of all rows.
  package var isDrawnInBands: Bool { description.stage == .finished }

  /// Draws it band by band from top to bottom, on a canvas that never holds more than a band.
  ///
  /// - Parameter visit: gets the rows of each band, filter bytes included.
  /// - Precondition: ``isDrawnInBands``.
  package func draw<Failure: Error>(
    on canvas: inout Canvas, with textRenderer: TextRenderer, eachBand visit: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(isDrawnInBands, "all rows are needed at once")
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    let height = Canvas.bandHeight(description.size)
    for top in stride(from: 0, to: description.size.height, by: height) {
      canvas.resize(to: description.size, band: top..<min(top + height, description.size.height))
      canvas.draw(composition)
      try canvas.withRows(visit)
    }
  }
}

/// A placeholder worked out for its size: shades, a tile, the place of every letter. What is left is to lay all that on rows, and any band of
/// them can be drawn without the others.
struct Composition {
  let layout: Layout
  let background: PreparedBackground
  let tile: Tile?
  let tone: Tone
  /// Prompt and watermark, as far as there is anything to write and room for it.
  let textLayers: [TextLayer]

  init(_ placeholder: Placeholder, tiles: inout TileCache, with textRenderer: TextRenderer) {
    let layout = Layout(placeholder.description.size)
    let tile = placeholder.pattern.map { tiles.tile($0, unit: layout.patternUnit) }
    self.layout = layout
    background = PreparedBackground(placeholder.backgroundNow, on: placeholder.description.size)
    self.tile = tile.map(placeholder.now)
    tone = placeholder.tone(with: tile)
    let texts = placeholder.texts(in: layout, with: textRenderer)
    textLayers = [texts.prompt, texts.watermark].compactMap(\.self).map { TextLayer($0, with: textRenderer) }
  }
}

extension Canvas {
  /// Draws all of it, as far as its rows are here.
  mutating func draw(_ composition: Composition) {
    drawBackground(of: composition)
    drawText(of: composition, tone: composition.tone)
  }

  /// Draws what lies under the text.
  mutating func drawBackground(of composition: Composition) {
    paint(composition.background)
    if let tile = composition.tile { cover(with: tile, ink: composition.tone.patternInk) }
  }

  /// Draws prompt and watermark, in a tone that suits what lies under them.
  mutating func drawText(of composition: Composition, tone: Tone) {
    for layer in composition.textLayers { draw(layer, tone: tone, within: composition.layout.safe) }
  }
}
