/// A picture by a template.
package struct TemplatePicture: Sendable {
  package let template: Template
  package var placeholder: Placeholder
  private let words: TemplateWords
  private let upload: Upload?

  /// - Parameters:
  ///   - placeholder: the picture that would be drawn without a template.
  ///   - upload: that of an edit or a variation.
  package init(_ template: Template, _ placeholder: Placeholder, words: TemplateWords, upload: Upload? = nil) {
    (self.template, self.placeholder, self.upload) = (template, placeholder, upload)
    self.words = words.of(placeholder)
  }

  /// Whether neighbouring pixels of most rows differ, see ``Background/changesAcross``.
  package var changesAcross: Bool {
    for layer in template.layers.reversed() {
      switch layer {
      case .fill(let fill) where fill.hidesAll: return background(of: fill.paint)?.changesAcross ?? false
      case .image(let image) where image.place.width * image.place.height > 0.5: return true
      default: continue
      }
    }
    return false
  }

  /// Draws the picture, after resizing the canvas to the description's size.
  ///
  /// - Returns: ranges of rows that equal the row above.
  @discardableResult
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer, _ cache: TemplateCache) -> [Range<Int>] {
    canvas.resize(to: placeholder.description.size)
    let layers = prepared(tiles: &canvas.tiles, with: textRenderer, cache)
    // What a later layer hides is not drawn.
    let hidden = layers.lastIndex { if case .background = $0 { true } else { false } }
    if hidden == nil { canvas.paint(.solid(Self.base)) }
    let seen = layers[(hidden ?? 0)...]
    canvas.draw(seen)
    guard placeholder.description.stage == .finished else {
      canvas.reduce(to: placeholder.description.stage)
      return []
    }
    let changes = seen.map(\.changes)
    guard changes.allSatisfy({ $0 != nil }) else { return [] }
    return (0..<size.height).repeatedRows(between: changes.flatMap { $0 ?? [] })
  }

  /// Draws the picture without the fills of the whole picture that are its lowest layers.
  ///
  /// It is drawn twice, on black and on white: where both are the same, it is opaque.
  package func draw(on canvas: inout TransparentCanvas, with textRenderer: TextRenderer, _ cache: TemplateCache) {
    let size = placeholder.description.size
    canvas.colours.resize(to: size)
    canvas.coverage.resize(to: size)
    let layers = prepared(tiles: &canvas.coverage.tiles, with: textRenderer, cache)
    canvas.colours.paint(.solid(Colour(red: 0, green: 0, blue: 0)))
    canvas.colours.draw(layers[...])
    canvas.coverage.paint(.solid(Colour(red: 255, green: 255, blue: 255)))
    canvas.coverage.draw(layers[...])
    canvas.separate()
    canvas.colours.reduce(to: placeholder.description.stage)
    canvas.coverage.reduce(to: placeholder.description.stage)
    canvas.combine()
  }

  /// What no layer covers.
  static let base = Colour(red: 255, green: 255, blue: 255)
}

// MARK: Preparing layers

/// A layer of a template, prepared for one picture.
enum PreparedLayer {
  /// It covers the whole picture.
  case background(PreparedBackground)
  case box(Box, Colour, radius: Int, Opacity)
  case raster(Raster, left: Int, top: Int, radius: Int, Opacity)
  case tile(Tile, Box, PreparedBrush, Opacity)
  case text(TextLayer, PreparedBrush)
}

extension PreparedLayer {
  /// Ranges of rows in which a row may make the picture's row unlike the one above, as it may at the row below each range; nil if any row may.
  var changes: [Range<Int>]? {
    switch self {
    case .background(let background): background.footTop.map { [$0..<$0] }
    case .box(let box, _, let radius, _):
      radius == 0
        ? [box.rows.lowerBound..<box.rows.lowerBound, box.rows.upperBound..<box.rows.upperBound]
        : [box.rows.lowerBound..<box.rows.lowerBound + radius + 1, box.rows.upperBound - min(radius + 1, box.height)..<box.rows.upperBound]
    case .raster(let raster, _, let top, _, _): [top..<top + raster.height]
    case .tile: nil
    case .text(let text, _): text.lines.map(\.rows)
    }
  }
}

/// The colour of a text or of a pattern.
enum PreparedBrush {
  case ink(Ink)
  case colour(Colour, Opacity)
  /// Light or dark, as can be read better on what lies under a rectangle, or the opposite, which can be seen less.
  case readable(on: Box, isOpposite: Bool, Opacity)
}

extension TemplatePicture {
  /// The layers that are seen, from back to front.
  private func prepared(tiles: inout TileCache, with textRenderer: TextRenderer, _ cache: TemplateCache) -> [PreparedLayer] {
    textRenderer.begin()
    cache.begin()
    var layers: [PreparedLayer] = []
    for (index, layer) in template.layers.enumerated() where index >= leftOut {
      switch layer {
      case .fill(let fill): layers += prepared(fill, at: index, tiles: &tiles, cache)
      case .image(let image): if let layer = prepared(image, cache) { layers.append(layer) }
      case .text(let text): if let layer = prepared(text, at: index, with: textRenderer, cache) { layers.append(layer) }
      }
    }
    return layers
  }

  /// The number of lowest layers that a transparent picture does not have.
  private var leftOut: Int {
    guard placeholder.description.isTransparent else { return 0 }
    return template.layers.prefix { if case .fill(let fill) = $0 { fill.hidesAll } else { false } }.count
  }

  private var size: PictureSize { placeholder.description.size }

  private func pixels(_ share: Float) -> Int { Int((share * Float(min(size.width, size.height))).rounded()) }

  private func prepared(_ fill: Template.Fill, at index: Int, tiles: inout TileCache, _ cache: TemplateCache) -> [PreparedLayer] {
    let box = fill.place.box(on: size).intersection(size.box)
    let (radius, opacity) = (pixels(fill.corners), Opacity(fill.opacity))
    guard box.width > 0, box.height > 0 else { return [] }
    switch fill.paint {
    case .pattern(let pattern, let shade):
      return [prepared(pattern ?? PictureRecipe(placeholder.description).pattern, shade, in: box, opacity, at: index, tiles: &tiles)]
    case .solid(let shade) where !fill.hidesAll: return [.box(box, colour(shade), radius: radius, opacity)]
    default:
      guard let background = background(of: fill.paint) else { return [] }
      var layers: [PreparedLayer] = []
      if fill.hidesAll {
        layers.append(.background(PreparedBackground(background, on: size)))
      } else {
        let part = PictureSize(width: box.width, height: box.height)!
        let raster = cache.raster(.background(background, width: box.width, height: box.height)) { Raster(background, on: part) }
        layers.append(.raster(raster, left: box.columns.lowerBound, top: box.rows.lowerBound, radius: radius, opacity))
      }
      if fill.paint == .look, let pattern = placeholder.pattern {
        layers.append(prepared(pattern, nil, in: box, opacity, on: placeholder.toneColours, tiles: &tiles))
      }
      return layers
    }
  }

  private func prepared(
    _ pattern: Pattern, _ shade: Template.Shade?, in box: Box, _ opacity: Opacity, at index: Int, tiles: inout TileCache
  ) -> PreparedLayer {
    prepared(pattern, shade, in: box, opacity, on: colours(under: box, below: index), tiles: &tiles)
  }

  /// - Parameter colours: those under the pattern, if they are known.
  private func prepared(
    _ pattern: Pattern, _ shade: Template.Shade?, in box: Box, _ opacity: Opacity, on colours: [Colour]?, tiles: inout TileCache
  ) -> PreparedLayer {
    let tile = tiles.tile(pattern, unit: Layout(size).patternUnit)
    let brush: PreparedBrush =
      if let shade {
        .colour(colour(shade), opacity)
      } else if let colours {
        PreparedBrush(Tone(on: colours).patternInk, opacity)
      } else {
        .readable(on: box, isOpposite: true, opacity)
      }
    return .tile(placeholder.moved(tile), box, brush, opacity)
  }

  private func prepared(_ image: Template.Image, _ cache: TemplateCache) -> PreparedLayer? {
    let box = image.place.box(on: size)
    let source: (upload: Upload, id: TemplateImage.ID?)
    switch image.source {
    case .file(let file): source = (file.upload, file.id)
    case .upload:
      guard let upload else { return nil }
      source = (upload, nil)
    }
    guard box.width > 0, box.height > 0 else { return nil }
    let fitted = FittedPlace(source.upload, in: box, image.fit, image.alignment)
    let place = fitted.box
    let make = { Raster(source.upload.part(fitted.part), width: place.width, height: place.height) }
    let raster =
      if let id = source.id {
        cache.raster(.image(id, part: fitted.part, width: place.width, height: place.height), make: make)
      } else {
        make()
      }
    return .raster(
      raster, left: place.columns.lowerBound, top: place.rows.lowerBound, radius: pixels(image.corners), Opacity(image.opacity))
  }

  private func prepared(_ text: Template.Text, at index: Int, with textRenderer: TextRenderer, _ cache: TemplateCache) -> PreparedLayer? {
    var renderer = textRenderer
    if let font = text.font.flatMap(cache.renderer) { renderer = font }
    let layout = Layout(size)
    let placed: PlacedText?
    let box: Box
    switch text.setting {
    case .title:
      (placed, box) = (PlacedText(prompt: text.text.text(words), in: layout, with: renderer), layout.prompt)
    case .watermark:
      let (before, after) = text.text.halves(words)
      (placed, box) = (PlacedText(watermarkOf: before, at: after, in: layout, with: renderer), layout.watermark)
    case .box(let setting):
      box = setting.place.box(on: size)
      placed = PlacedText(text.text.text(words), setting, in: box, of: size, with: renderer)
    }
    guard let placed else { return nil }
    return .text(TextLayer(placed, with: renderer), brush(of: text, over: box, at: index))
  }

  private func brush(of text: Template.Text, over box: Box, at index: Int) -> PreparedBrush {
    let opacity = Opacity(text.opacity)
    if let shade = text.colour { return PreparedBrush(colour(shade), opacity) }
    guard let colours = colours(under: box, below: index) else { return .readable(on: box, isOpposite: false, opacity) }
    return PreparedBrush(Tone(on: colours).textInk, opacity)
  }

  private func colour(_ shade: Template.Shade) -> Colour {
    switch shade {
    case .fixed(let colour): colour
    case .palette(let shade): placeholder.colour(shade)
    }
  }

  /// The background of a fill; nil for a pattern, which has none.
  private func background(of paint: Template.Fill.Paint) -> Background? {
    switch paint {
    case .look: placeholder.frameBackground
    case .card: placeholder.asCard.frameBackground
    case .solid(let shade): .solid(colour(shade))
    case .paletteGradient(let direction): placeholder.gradient(direction)
    case .gradient(let first, let second, let direction):
      .gradient(Gradient(from: colour(first), to: colour(second), direction ?? PictureRecipe(placeholder.description).direction))
    case .pattern: nil
    }
  }

  /// Colours near which every colour is that lies under a rectangle, apart from patterns and text; nil if only the canvas can tell.
  private func colours(under box: Box, below index: Int) -> [Colour]? {
    for layer in template.layers[leftOut..<max(index, leftOut)].reversed() {
      switch layer {
      case .text: continue
      case .image(let image): if image.place.box(on: size).overlaps(box) { return nil }
      case .fill(let fill):
        if fill.isPattern { continue }
        let place = fill.place.box(on: size)
        guard place.overlaps(box) else { continue }
        guard fill.opacity == 1, fill.corners == 0, place.union(box) == place else { return nil }
        switch fill.paint {
        case .look: return placeholder.toneColours
        case .card: return placeholder.asCard.toneColours
        default: return background(of: fill.paint)?.colours
        }
      }
    }
    return placeholder.description.isTransparent ? placeholder.toneColours : [Self.base]
  }
}

extension PreparedBrush {
  init(_ ink: Ink, _ opacity: Opacity) { self = opacity == .opaque ? .ink(ink) : .colour(ink.colour, opacity) }

  /// Grey on three equal channels is drawn faster.
  init(_ colour: Colour, _ opacity: Opacity) {
    let isGrey = colour.red == colour.green && colour.green == colour.blue
    self = isGrey && opacity == .opaque ? .ink(Ink(level: colour.red)) : .colour(colour, opacity)
  }
}

extension PictureSize {
  /// The whole picture.
  var box: Box { Box(left: 0, top: 0, right: width, bottom: height) }
}

extension Placeholder {
  /// A colour of the request's palette.
  func colour(_ shade: Template.PaletteShade) -> Colour {
    let recipe = PictureRecipe(description)
    switch (shade, Scheme.card(of: recipe.colour)) {
    case (.primary, _): return recipe.colour
    case (.secondary, _): return recipe.secondColour
    case (.paper, .card(let paper, _, _)): return paper
    case (.foot, .card(_, let foot, _)): return foot
    case (.paper, _), (.foot, _): return recipe.colour
    }
  }

  /// The plain picture of the same request.
  var asCard: Placeholder {
    var card = self
    card.background = Scheme.card(of: PictureRecipe(description).colour)
    return card
  }

  /// The gradient of the request's colours.
  func gradient(_ direction: Gradient.Direction?) -> Background {
    let recipe = PictureRecipe(description)
    return .gradient(Scheme.gradient(from: recipe.colour, to: recipe.secondColour, direction ?? recipe.direction))
  }
}
