extension Canvas {
  /// Writes the prompt into the middle, as large as is good for it.
  ///
  /// - Returns: its panel; nil where there is nothing to write.
  mutating func drawPrompt(_ prompt: String, in layout: Layout, tone: Tone, with lettering: Lettering) -> RoundedRectangle? {
    lettering.begin()
    let fitting = TextFitting(
      text: lettering.shape(prompt, for: layout), width: layout.prompt.width, height: layout.prompt.height,
      sizes: layout.promptSizes)
    guard let block = fitting.block() else { return nil }
    let place = TextPlace(centring: block, in: layout.prompt, of: size)
    let panel = fillPanel(place.ink.grown(by: layout.padding), radius: layout.padding, within: layout.panel, tone: tone)
    write(block, at: place, within: layout.safe, tone: tone, with: lettering)
    return panel
  }
}
