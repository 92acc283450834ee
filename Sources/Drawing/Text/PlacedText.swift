/// Prompt or watermark with its lines and its place on a picture. The canvas and SVG both draw it, so that neither lays out text on its own.
struct PlacedText {
  /// From left to right where they stand beside each other.
  let blocks: [(block: TextBlock, place: TextPlace)]
  /// The area behind the text, where the text needs setting off.
  let panel: Box
  /// Corner radius of the panel, in pixels.
  let radius: Int
  /// Pixels an em.
  let pixelSize: Int

  /// The prompt in the middle of a picture, as large as is good for it; nil where there is nothing to write.
  init?(prompt: String, in layout: Layout, of size: PictureSize, with textRenderer: TextRenderer) {
    let fitting = TextFitting(
      text: textRenderer.shape(prompt, for: layout), width: layout.prompt.width, height: layout.prompt.height,
      sizes: layout.promptSizes)
    guard let block = fitting.block() else { return nil }
    let place = TextPlace(centring: block, in: layout.prompt, of: size)
    blocks = [(block, place)]
    panel = place.ink.grown(by: layout.padding).intersection(layout.panel)
    (radius, pixelSize) = (layout.padding, block.pixelSize)
  }

  /// `model | timestamp` in the lower right corner; nil where there is no room for it. A model whose name is too long ends with an
  /// ellipsis; the time stays whole.
  init?(watermarkOf model: String, at timestamp: String, in layout: Layout, with textRenderer: TextRenderer) {
    let box = layout.watermark
    guard box.height > 0 else { return nil }
    let (face, size) = (textRenderer.face, Float(layout.watermarkSize))
    let room = Float(box.width) - size
    let time = layout.watermarkLine("| \(timestamp)", width: room, with: textRenderer)
    let gap = time.width + face.blank * size
    let model = layout.watermarkLine(model, width: room - gap, with: textRenderer)

    let right = Float(box.columns.upperBound) - size / 2
    let baseline = (box.rows.lowerBound + box.rows.upperBound + Int(face.capHeight * size)) / 2
    let timePlace = TextPlace(left: right - time.width, baseline: baseline, of: time)
    let modelPlace = TextPlace(left: right - gap - model.width, baseline: baseline, of: model)
    blocks = [(model, modelPlace), (time, timePlace)]
    panel = Box(
      left: modelPlace.ink.columns.lowerBound - layout.watermarkSize / 2, top: box.rows.lowerBound,
      right: box.columns.upperBound, bottom: box.rows.upperBound
    ).intersection(layout.safe)
    (radius, pixelSize) = (layout.watermarkSize / 2, layout.watermarkSize)
  }
}

extension Placeholder {
  /// Prompt and watermark, each nil where there is nothing to write or no room for it.
  func texts(in layout: Layout, with textRenderer: TextRenderer) -> (prompt: PlacedText?, watermark: PlacedText?) {
    textRenderer.begin()
    let prompt = PlacedText(prompt: description.prompt, in: layout, of: description.size, with: textRenderer)
    return (prompt, PlacedText(watermarkOf: description.model, at: timestamp, in: layout, with: textRenderer))
  }
}

extension Layout {
  /// A line of the watermark, at most as wide as there is room.
  fileprivate func watermarkLine(_ text: String, width: Float, with textRenderer: TextRenderer) -> TextBlock {
    let shaped = textRenderer.shape(text, limit: 4 * watermark.width / watermarkSize, keepsLines: false)
    return TextFitting(
      text: shaped, width: Int(width), height: watermark.height, sizes: watermarkSize...watermarkSize
    ).line()
  }
}

/// Where a block of text goes on a picture.
struct TextPlace {
  /// Of the block's origin: the left end of its first baseline.
  let left: Float
  let baseline: Int
  /// What the eye takes for the block: from the top of capitals to the last baseline and a little below.
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

  /// In the middle of the picture as the eye sees it: capitals and baselines count, accents and descenders don't. All of the block
  /// stays within the box.
  init(centring block: TextBlock, in box: Box, of size: PictureSize) {
    let em = Float(block.pixelSize)
    let below = (block.lineCount - 1) * block.lineHeight
    let capHeight = Int((block.text.capHeight * em).rounded())
    let wanted = (size.height - below + capHeight) / 2
    let highest = box.rows.lowerBound + Int((block.text.ascent * em).rounded(.up))
    let lowest = box.rows.upperBound - Int((block.text.descent * em).rounded(.up)) - below
    let left = Float(box.columns.lowerBound) + (Float(box.width) - block.width) / 2
    self.init(left: left, baseline: min(max(wanted, highest), max(lowest, highest)), of: block)
  }
}
