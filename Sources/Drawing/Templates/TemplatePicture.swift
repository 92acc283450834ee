/// A picture by a template.
package struct TemplatePicture: Sendable {
  package let template: Template
  /// The picture that would be drawn without the template.
  package private(set) var placeholder: Placeholder
  let words: TemplateWords
  let upload: Upload?
  /// What each layer paints of the request's colours, found once: a gradient takes longer to choose than some layers to draw. Nil for patterns,
  /// images and texts.
  private let backgrounds: [Background?]

  /// - Parameters:
  ///   - placeholder: the picture that would be drawn without a template.
  ///   - upload: that of an edit or a variation.
  package init(_ template: Template, _ placeholder: Placeholder, words: TemplateWords, upload: Upload? = nil) {
    (self.template, self.placeholder, self.upload) = (template, placeholder, upload)
    self.words = words.of(placeholder)
    backgrounds = template.layers.map { if case .fill(let fill) = $0 { placeholder.background(of: fill.paint) } else { nil } }
  }

  /// The frame of an animation to draw; nil for a still picture.
  package var frame: AnimationFrame? {
    get { placeholder.frame }
    set { placeholder.frame = newValue }
  }

  /// Whether the rows are better told by how they differ from the row above than by what recurs in them: a photograph, or a gradient whose
  /// shades change along the row.
  package var changesFromRowToRow: Bool {
    for (layer, background) in zip(template.layers, backgrounds).reversed() {
      switch layer {
      case .fill(let fill) where fill.hidesAll: return background?.changesAcross ?? false
      case .image(let image) where image.place.width * image.place.height > 0.5: return true
      default: continue
      }
    }
    return false
  }

  /// Draws the picture, after resizing the canvas to the description's size.
  ///
  /// - Parameter leavesOutRepeated: whether only the last row of each range that is returned is needed; the others may then have the bytes of an
  ///   earlier picture.
  /// - Returns: ranges of rows that equal the row above.
  @discardableResult
  package func draw(
    on canvas: inout Canvas, with textRenderer: TextRenderer, _ cache: TemplateCache, leavesOutRepeated: Bool = false
  ) -> [Range<Int>] {
    canvas.resize(to: size)
    let layers = seenLayers(tiles: &canvas.tiles, with: textRenderer, cache)
    guard placeholder.description.stage == .finished else {
      canvas.draw(layers)
      canvas.reduce(to: placeholder.description.stage)
      return []
    }
    let repeated = layers.repeatedRows(in: 0..<size.height)
    // A brush that depends on what is below it looks at any row.
    let needsAllRows = !leavesOutRepeated || layers.contains(where: \.looksBelow)
    canvas.draw(layers, except: needsAllRows ? [] : repeated)
    return repeated
  }

  /// Draws the picture without the fills of the whole picture that are its lowest layers.
  ///
  /// It is drawn twice, on black and on white: where both are the same, it is opaque.
  package func draw(on canvas: inout TransparentCanvas, with textRenderer: TextRenderer, _ cache: TemplateCache) {
    canvas.colours.resize(to: size)
    canvas.coverage.resize(to: size)
    let layers = preparedLayers(tiles: &canvas.coverage.tiles, with: textRenderer, cache)
    canvas.colours.paint(.solid(Colour(red: 0, green: 0, blue: 0)))
    canvas.colours.draw(layers)
    canvas.coverage.paint(.solid(Colour(red: 255, green: 255, blue: 255)))
    canvas.coverage.draw(layers)
    canvas.separate()
    canvas.colours.reduce(to: placeholder.description.stage)
    canvas.coverage.reduce(to: placeholder.description.stage)
    canvas.combine()
  }

  /// What no layer covers.
  private static let base = Colour(red: 255, green: 255, blue: 255)

  var size: PictureSize { placeholder.description.size }
}

extension TemplatePicture {
  /// The layers of an opaque picture, from a background of the whole picture up: what that one hides is not drawn.
  func seenLayers(tiles: inout TileCache, with textRenderer: TextRenderer, _ cache: TemplateCache) -> [PreparedLayer] {
    let layers = preparedLayers(tiles: &tiles, with: textRenderer, cache)
    if let lowest = layers.lastIndex(where: \.isBackground) { return lowest == 0 ? layers : Array(layers[lowest...]) }
    return [.background(PreparedBackground(.solid(Self.base), on: size))] + layers
  }

  /// The number of lowest layers that a transparent picture does not have.
  var leftOut: Int {
    guard placeholder.description.isTransparent else { return 0 }
    return template.layers.prefix { if case .fill(let fill) = $0 { fill.hidesAll } else { false } }.count
  }

  /// What the fill of a layer paints in the frame; nil for a pattern.
  func background(ofLayer index: Int) -> Background? { backgrounds[index].map(placeholder.inFrame) }

  /// Colours near which every colour is that lies under a rectangle in any frame, apart from patterns and text; nil if only the canvas can tell.
  func colours(under box: Box, below index: Int) -> [Colour]? {
    for below in (leftOut..<max(index, leftOut)).reversed() {
      switch template.layers[below] {
      case .text: continue
      case .image(let image): if image.place.box(on: size).overlaps(box) { return nil }
      case .fill(let fill):
        if fill.isPattern { continue }
        let place = fill.place.box(on: size)
        guard place.overlaps(box) else { continue }
        guard fill.opacity == 1, fill.corners == 0, place.union(box) == place else { return nil }
        return backgrounds[below].map(placeholder.toneColours)
      }
    }
    return placeholder.description.isTransparent ? placeholder.toneColours : [Self.base]
  }
}
