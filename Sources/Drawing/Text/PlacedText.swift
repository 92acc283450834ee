/// The prompt or the watermark with its lines and its place on a picture. The canvas and SVG both draw it, so neither has a layout of its
/// own.
struct PlacedText {
  /// The blocks of the text; those on one line come from left to right.
  let blocks: [(block: TextBlock, place: TextPlace)]
  /// The area of the label under the text, on a transparent picture.
  let panel: Box
  /// The corner radius of the label, in pixels.
  let radius: Int
  /// Pixels per em.
  let pixelSize: Int

  /// Places the prompt in its area, as large as fits well. Nil if there is nothing to write.
  init?(prompt: String, in layout: Layout, with textRenderer: TextRenderer) {
    let (area, sizes) = (layout.promptArea, layout.promptSizes)
    let key = TextBlockCache.Key(
      text: prompt, role: .prompt, limit: area.scalarLimit, width: area.width, height: area.height, sizes: sizes)
    let fitted = textRenderer.block(key) {
      TextFitting(text: textRenderer.shape(prompt, for: area), width: area.width, height: area.height, sizes: sizes).block()
    }
    guard let block = fitted else { return nil }
    let place = TextPlace(centring: block, in: layout.prompt, middle: layout.promptMiddle)
    blocks = [(block, place)]
    panel = place.ink.grown(by: layout.padding).intersection(layout.safe)
    (radius, pixelSize) = (layout.padding, block.pixelSize)
  }

  /// Places `model | timestamp` in the lower right corner. Nil if there is no room. A model name that is too long ends with an ellipsis;
  /// the time stays whole.
  ///
  /// - Parameter timestamp: nil: there is only the first part.
  init?(watermarkOf model: String, at timestamp: String?, in layout: Layout, with textRenderer: TextRenderer) {
    let box = layout.watermark
    guard box.height > 0 else { return nil }
    let (face, size) = (textRenderer.face(for: .caption), Float(layout.watermarkSize))
    let room = Float(box.width)
    guard let time = layout.watermarkLine(timestamp.map { "| \($0)" } ?? "", width: room, with: textRenderer) else { return nil }
    let gap = timestamp == nil ? 0 : time.width + face.blank * size
    guard let model = layout.watermarkLine(model, width: room - gap, with: textRenderer) else { return nil }

    let right = Float(box.columns.upperBound)
    let descent = Int((max(time.text.descent, model.text.descent) * size).rounded(.up))
    let baseline = box.rows.upperBound - descent
    let timePlace = TextPlace(left: right - time.width, baseline: baseline, of: time)
    let modelPlace = TextPlace(left: right - gap - model.width, baseline: baseline, of: model)
    blocks = [(model, modelPlace), (time, timePlace)]
    let padding = layout.watermarkSize * 2 / 5
    panel = Box(
      left: modelPlace.ink.columns.lowerBound - padding - descent, top: baseline - Int(face.capHeight * size) - descent - padding,
      right: box.columns.upperBound + padding, bottom: box.rows.upperBound + padding
    ).intersection(layout.safe)
    (radius, pixelSize) = (layout.watermarkSize / 2, layout.watermarkSize)
  }
}

extension PlacedText {
  /// Places a text in a rectangle of a template, as large as fits well. Nil if there is nothing to write, or no room for it.
  init?(_ text: String, _ setting: Template.BoxSetting, in box: Box, of size: PictureSize, with textRenderer: TextRenderer) {
    let short = Float(min(size.width, size.height))
    func pixels(_ share: Float) -> Int { TextFitting.nearestSize(to: share * short) }
    let sizes = pixels(setting.sizes.lowerBound)...pixels(setting.sizes.upperBound)
    let area = TextArea(width: box.width, height: box.height, smallest: sizes.lowerBound)
    guard area.width >= sizes.lowerBound, area.height > 0 else { return nil }
    let key = TextBlockCache.Key(
      text: text, role: setting.isBold ? .prompt : .caption, limit: area.scalarLimit, width: box.width, height: box.height, sizes: sizes,
      mostLines: setting.lines, alignment: setting.alignment.across)
    let fitted = textRenderer.block(key) {
      var fitting = TextFitting(
        text: textRenderer.shape(text, for: area, role: key.role), width: box.width, height: box.height, sizes: sizes)
      (fitting.mostLines, fitting.alignment) = (setting.lines, setting.alignment.across)
      return fitting.block()
    }
    guard let block = fitted else { return nil }
    let place = TextPlace(block, in: box, setting.alignment)
    blocks = [(block, place)]
    (panel, radius, pixelSize) = (place.ink, 0, block.pixelSize)
  }
}

extension Placeholder {
  /// The prompt and the watermark, each nil if there is nothing to write or no room.
  func texts(in layout: Layout, with textRenderer: TextRenderer) -> (prompt: PlacedText?, watermark: PlacedText?) {
    textRenderer.begin()
    let prompt = PlacedText(prompt: description.prompt, in: layout, with: textRenderer)
    return (prompt, PlacedText(watermarkOf: description.model, at: timestamp, in: layout, with: textRenderer))
  }
}

extension Layout {
  /// A part of the watermark, shortened to a width.
  fileprivate func watermarkLine(_ text: String, width: Float, with textRenderer: TextRenderer) -> TextBlock? {
    let limit = 4 * watermark.width / watermarkSize
    let sizes = watermarkSize...watermarkSize
    let key = TextBlockCache.Key(
      text: text, role: .caption, limit: limit, width: Int(width), height: watermark.height, sizes: sizes, alignment: nil)
    return textRenderer.block(key) {
      let shaped = textRenderer.shape(text, limit: limit, keepsLines: false, role: .caption)
      return TextFitting(text: shaped, width: key.width, height: key.height, sizes: sizes).line()
    }
  }
}

/// The place of a block of text on a picture.
struct TextPlace {
  /// The position of the block's origin, the left end of its first baseline.
  let left: Float
  let baseline: Int
  /// The area that the block seems to occupy: from the top of capitals to a little below the last baseline.
  let ink: Box

  init(left: Float, baseline: Int, of block: TextBlock) {
    self.left = left
    self.baseline = baseline
    let size = Float(block.pixelSize)
    let last = baseline + (block.lineCount - 1) * block.lineHeight
    ink = Box(
      left: Int(left), top: baseline - Int(block.text.inkAscent * size), right: Int((left + block.width).rounded(.up)),
      bottom: last + Int(block.text.inkDescent * size))
  }

  /// Centres a block optically: capitals and baselines count, accents and descenders do not. The whole block stays within the box.
  ///
  /// - Parameter middle: the row to centre it on.
  init(centring block: TextBlock, in box: Box, middle: Int) {
    let em = Float(block.pixelSize)
    let below = (block.lineCount - 1) * block.lineHeight
    let capHeight = Int((block.text.capHeight * em).rounded())
    let wanted = middle + (capHeight - below) / 2
    let highest = box.rows.lowerBound + Int((block.text.ascent * em).rounded(.up))
    let lowest = box.rows.upperBound - Int((block.text.descent * em).rounded(.up)) - below
    let left = Float(box.columns.lowerBound) + (Float(box.width) - block.width) / 2
    self.init(left: left, baseline: min(max(wanted, highest), max(lowest, highest)), of: block)
  }
  /// Places a block in a rectangle. In the middle, it is centred optically.
  init(_ block: TextBlock, in box: Box, _ alignment: Template.Alignment) {
    let middle = TextPlace(centring: block, in: box, middle: (box.rows.lowerBound + box.rows.upperBound) / 2)
    let em = Float(block.pixelSize)
    let highest = box.rows.lowerBound + Int((block.text.ascent * em).rounded(.up))
    let lowest = box.rows.upperBound - Int((block.text.descent * em).rounded(.up)) - (block.lineCount - 1) * block.lineHeight
    let baseline = alignment.down == 0 ? highest : alignment.down == 1 ? max(lowest, highest) : middle.baseline
    let left = Float(box.columns.lowerBound) + (Float(box.width) - block.width) * alignment.across
    self.init(left: left, baseline: baseline, of: block)
  }
}
