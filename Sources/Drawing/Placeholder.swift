/// A picture that stands for what a model would have drawn: colours and a pattern derived from the request, its prompt, and a watermark
/// that says which model was asked when.
package struct Placeholder: Sendable {
  package let description: PictureDescription
  /// When the picture was asked for, as `YYYY-MM-DD HH:MM:SS`.
  package let timestamp: String
  package var background: Background
  /// Nil for none, as in standard quality.
  package var pattern: Pattern?
  /// Which moment of an animation is drawn; nil for a picture that stands still.
  package var moment: Moment?

  /// Decides what to draw; equal descriptions decide alike, in every process and version.
  package init(_ description: PictureDescription, timestamp: String) {
    self.description = description
    self.timestamp = timestamp
    let choices = Choices(description)
    switch description.quality {
    case .standard:
      background = .solid(choices.colour)
      pattern = nil
    case .hd:
      background = .gradient(Gradient(from: choices.colour, to: choices.secondColour, choices.direction))
      pattern = choices.pattern
    }
  }

  /// Draws all of it, on a canvas that takes the description's size.
  package func draw(on canvas: inout Canvas, with lettering: Lettering) {
    canvas.resize(to: description.size)
    let layout = Layout(description.size)
    let tile = pattern.map { canvas.tiles.tile($0, unit: layout.patternUnit) }
    let tone = tone(with: tile)
    canvas.paint(backgroundNow)
    if let tile { canvas.cover(with: now(tile), ink: tone.patternInk) }
    write(on: &canvas, in: layout, tone: tone, with: lettering)
    canvas.reduce(to: description.completeness)
  }

  /// Paints all but the text, as a ground for something else.
  func paintGround(on canvas: inout Canvas) -> Layout {
    canvas.resize(to: description.size)
    let layout = Layout(description.size)
    let tile = pattern.map { canvas.tiles.tile($0, unit: layout.patternUnit) }
    canvas.paint(backgroundNow)
    if let tile { canvas.cover(with: now(tile), ink: tone(with: tile).patternInk) }
    return layout
  }

  /// Writes prompt and watermark.
  ///
  /// - Returns: the panels that they stand on.
  @discardableResult func write(on canvas: inout Canvas, in layout: Layout, tone: Tone, with lettering: Lettering) -> [RoundedRectangle] {
    let prompt = canvas.drawPrompt(description.prompt, in: layout, tone: tone, with: lettering)
    let watermark = canvas.drawWatermark(
      model: description.model, timestamp: timestamp, in: layout, tone: tone, with: lettering)
    return [prompt, watermark].compactMap(\.self)
  }
}
