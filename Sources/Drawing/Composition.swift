/// A placeholder worked out for its size: shades, a tile, the place of every letter. What is left is to lay all that on rows, and any band of
/// them can be drawn without the others.
struct Composition {
  let layout: Layout
  let ground: PreparedBackground
  let tile: Tile?
  let tone: Tone
  /// Prompt and watermark, as far as there is anything to write and room for it.
  let textLayers: [TextLayer]

  init(_ placeholder: Placeholder, tiles: inout TileCache, with textRenderer: TextRenderer) {
    let layout = Layout(placeholder.description.size)
    let tile = placeholder.pattern.map { tiles.tile($0, unit: layout.patternUnit) }
    self.layout = layout
    ground = PreparedBackground(placeholder.backgroundNow, on: placeholder.description.size)
    self.tile = tile.map(placeholder.now)
    tone = placeholder.tone(with: tile)
    let texts = placeholder.texts(in: layout, with: textRenderer)
    textLayers = [texts.prompt, texts.watermark].compactMap(\.self).map { TextLayer($0, with: textRenderer) }
  }
}

extension Canvas {
  /// Draws all of it, as far as its rows are here.
  mutating func draw(_ composition: Composition) {
    drawGround(of: composition)
    drawText(of: composition, tone: composition.tone)
  }

  /// Draws what lies under the text.
  mutating func drawGround(of composition: Composition) {
    paint(composition.ground)
    if let tile = composition.tile { cover(with: tile, ink: composition.tone.patternInk) }
  }

  /// Draws prompt and watermark, in a tone that suits what lies under them.
  mutating func drawText(of composition: Composition, tone: Tone) {
    for layer in composition.textLayers { draw(layer, tone: tone, within: composition.layout.safe) }
  }
}
