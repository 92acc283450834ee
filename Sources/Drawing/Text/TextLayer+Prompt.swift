extension TextLayer {
  /// The prompt in the middle of a picture, as large as is good for it; nil where there is nothing to write.
  init?(prompt: String, in layout: Layout, of size: PictureSize, with textRenderer: TextRenderer) {
    textRenderer.begin()
    let fitting = TextFitting(
      text: textRenderer.shape(prompt, for: layout), width: layout.prompt.width, height: layout.prompt.height,
      sizes: layout.promptSizes)
    guard let block = fitting.block() else { return nil }
    let place = TextPlace(centring: block, in: layout.prompt, of: size)
    let panel = place.ink.grown(by: layout.padding).intersection(layout.panel)
    self.init(panel: panel, radius: layout.padding, pixelSize: block.pixelSize)
    append(block, at: place, with: textRenderer)
  }
}
