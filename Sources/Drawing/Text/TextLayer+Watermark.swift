extension TextLayer {
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
    let panel = Box(
      left: modelPlace.ink.columns.lowerBound - layout.watermarkSize / 2, top: box.rows.lowerBound,
      right: box.columns.upperBound, bottom: box.rows.upperBound)
    self.init(panel: panel.intersection(layout.safe), radius: layout.watermarkSize / 2, pixelSize: layout.watermarkSize)
    append(model, at: modelPlace, with: textRenderer)
    append(time, at: timePlace, with: textRenderer)
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
