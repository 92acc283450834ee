/// A picture that stands for the image that a model would have drawn. It shows colours and a pattern derived from the request, the prompt,
/// and a watermark with the model and the time of the request.
package struct Placeholder: Sendable {
  package let description: PictureDescription
  /// The time of the request, as `YYYY-MM-DD HH:MM:SS`.
  package let timestamp: String
  /// What is chosen at random for the description.
  let recipe: PictureRecipe
  package var background: Background
  /// The pattern on the background; nil for none, as in standard quality unless the description names one.
  package var pattern: Pattern?
  /// The frame of an animation to draw; nil for a still picture.
  package var frame: AnimationFrame?

  /// Chooses background and pattern. Equal descriptions choose the same, in every process and version.
  package init(_ description: PictureDescription, timestamp: String) {
    self.description = description
    self.timestamp = timestamp
    recipe = PictureRecipe(description)
    switch description.quality {
    case .standard:
      background = Scheme.card(of: recipe.colour)
      pattern = description.pattern
    case .hd:
      background = .gradient(Scheme.gradient(from: recipe.colour, to: recipe.secondColour, recipe.direction))
      pattern = recipe.pattern
    }
  }

  /// Draws the placeholder, after resizing the canvas to the description's size.
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    canvas.resize(to: description.size)
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    canvas.draw(composition)
    canvas.reduce(to: description.stage)
  }

  /// Whether the placeholder can be drawn in bands. An unfinished picture cannot: its squares need all rows.
  package var isDrawnInBands: Bool { description.stage == .finished }

  /// Whether the rows are better told by how they differ from the row above than by what recurs in them: slanted edges on a gradient whose
  /// shades change along the row.
  package var changesFromRowToRow: Bool { background.changesAcross && pattern?.isSlanted == true }

  /// Draws the placeholder band by band from top to bottom. The canvas never holds more than one band.
  ///
  /// - Parameter visit: called with the rows of each band, filter bytes included, and with the ranges of them that equal the row above. Of
  ///   such a range, only the last row is drawn; the others have the bytes of an earlier picture.
  /// - Precondition: ``isDrawnInBands``.
  package func draw<Failure: Error>(
    on canvas: inout Canvas, with textRenderer: TextRenderer,
    eachBand visit: (_ rows: Span<UInt8>, _ repeated: [Range<Int>]) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(isDrawnInBands, "all rows are needed at once")
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    let height = Canvas.bandHeight(description.size)
    for top in stride(from: 0, to: description.size.height, by: height) {
      let band = top..<min(top + height, description.size.height)
      let repeated = composition.repeatedRows(in: band)
      canvas.resize(to: description.size, band: band)
      canvas.draw(composition, except: repeated)
      try canvas.withRows { rows throws(Failure) in try visit(rows, repeated.map { $0.lowerBound - top..<$0.upperBound - top }) }
    }
  }
}

/// A placeholder prepared for its size: the shades, the tile and the place of every letter are known. A canvas only has to copy them to
/// rows, and can draw any band without the others.
struct Composition {
  let layout: Layout
  let background: PreparedBackground
  let tile: Tile?
  /// The pattern of a transparent picture, instead of a tile.
  let figures: Figures?
  let tone: Tone
  /// The prompt and the watermark, unless there is nothing to write or no room.
  let textLayers: [TextLayer]

  /// - Parameter layout: nil for the usual one.
  init(_ placeholder: Placeholder, in layout: Layout? = nil, tiles: inout TileCache, with textRenderer: TextRenderer) {
    let layout = layout ?? Layout(placeholder.description.size)
    let tile = placeholder.pattern.map { tiles.tile($0, unit: placeholder.patternUnit(in: layout)) }
    self.layout = layout
    background = PreparedBackground(placeholder.frameBackground, on: placeholder.description.size)
    tone = placeholder.tone
    let texts = placeholder.texts(in: layout, with: textRenderer)
    let placed = [texts.prompt, texts.watermark].compactMap(\.self)
    textLayers = placed.map { TextLayer($0, with: textRenderer) }
    let isTransparent = placeholder.description.isTransparent
    self.tile = isTransparent ? nil : tile.map(placeholder.moved)
    figures = isTransparent ? tile.map { placeholder.figures(of: $0, in: layout, around: placed.map(\.panel)) } : nil
  }
}

extension Composition {
  /// The rows of a plain picture that equal the row above because no letter touches either, in ranges that are worth being left out. Each is
  /// above the foot or in it.
  ///
  /// - Parameter band: rows of the picture, of which the first one counts as unlike the row above.
  func repeatedRows(in band: Range<Int>) -> [Range<Int>] {
    guard let footTop = background.footTop, tile == nil, figures == nil else { return [] }
    // The first row of the foot is unlike the one above.
    return band.repeatedRows(between: textLayers.flatMap { $0.lines.map(\.rows) } + [footTop..<footTop])
  }
}

extension Range<Int> {
  /// The rows of a band that equal the row above, in ranges that are worth being left out. The first row counts as unlike the row above.
  ///
  /// - Parameter others: ranges of rows that may be unlike the row above, as the row below each of them is.
  func repeatedRows(between others: [Range<Int>]) -> [Range<Int>] {
    var repeated: [Range<Int>] = []
    var top = lowerBound
    for rows in (others + [upperBound..<upperBound]).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      let end = Swift.min(rows.lowerBound, upperBound)
      if end - top > Self.fewestRepeated { repeated.append(top + 1..<end) }
      top = Swift.max(top, rows.upperBound)
    }
    return repeated
  }

  /// The encoder writes each range apart from other rows. That costs as much as comparing some rows.
  private static var fewestRepeated: Int { 32 }
}

extension Canvas {
  /// Draws a composition on the rows that the canvas holds.
  ///
  /// - Parameter repeated: ranges of which only the last row is needed, see ``Composition/repeatedRows(in:)``.
  mutating func draw(_ composition: Composition, except repeated: [Range<Int>] = []) {
    drawBackground(of: composition, except: repeated)
    drawText(of: composition, ink: composition.tone.textInk)
  }

  /// Draws the background and the pattern.
  mutating func drawBackground(of composition: Composition, except repeated: [Range<Int>] = []) {
    paint(composition.background, except: repeated)
    if let tile = composition.tile { cover(with: tile, ink: composition.tone.patternInk) }
  }

  /// Draws the prompt and the watermark.
  mutating func drawText(of composition: Composition, ink: Ink) {
    for layer in composition.textLayers { draw(layer, ink: ink, within: composition.layout.safe) }
  }
}
