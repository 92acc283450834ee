/// Preparing layers for a picture: the places, the colours, the tiles and the letters are found. A canvas only has to draw them.
extension TemplatePicture {
  /// All layers but those that a transparent picture does not have, from back to front. A layer that is not seen has none.
  func preparedLayers(tiles: inout TileCache, with textRenderer: TextRenderer, _ cache: TemplateCache) -> [PreparedLayer] {
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

  private func pixels(_ share: Float) -> Int { Int((share * Float(min(size.width, size.height))).rounded()) }

  private func colour(_ shade: Template.Shade) -> Colour { placeholder.colour(shade) }
}

// MARK: Fills

extension TemplatePicture {
  private func prepared(_ fill: Template.Fill, at index: Int, tiles: inout TileCache, _ cache: TemplateCache) -> [PreparedLayer] {
    let box = fill.place.box(on: size).intersection(size.box)
    let (radius, opacity) = (pixels(fill.corners), Opacity(fill.opacity))
    guard box.width > 0, box.height > 0 else { return [] }
    switch fill.paint {
    case .pattern(let pattern, let shade):
      let colours = shade == nil ? colours(under: box, below: index) : nil
      return [prepared(pattern ?? placeholder.recipe.pattern, shade, in: box, opacity, on: colours, tiles: &tiles)]
    case .solid(let shade) where !fill.hidesAll: return [.box(box, colour(shade), radius: radius, opacity)]
    default:
      guard let background = background(ofLayer: index) else { return [] }
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
    return .tile(placeholder.moved(tile), box, brush)
  }
}

// MARK: Images

extension TemplatePicture {
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
}

// MARK: Texts

extension TemplatePicture {
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
}
