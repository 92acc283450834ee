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
  package var moment: AnimationFrame?

  /// Decides what to draw; equal descriptions decide alike, in every process and version.
  package init(_ description: PictureDescription, timestamp: String) {
    self.description = description
    self.timestamp = timestamp
    let choices = PictureRecipe(description)
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
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    canvas.resize(to: description.size)
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    canvas.draw(composition)
    canvas.reduce(to: description.completeness)
  }

  /// Whether it can be: an unfinished picture's squares are of all rows.
  package var isDrawnInBands: Bool { description.completeness == .finished }

  /// Draws it band by band from top to bottom, on a canvas that never holds more than a band.
  ///
  /// - Parameter visit: gets the rows of each band, filter bytes included.
  /// - Precondition: ``isDrawnInBands``.
  package func draw<Failure: Error>(
    on canvas: inout Canvas, with textRenderer: TextRenderer, eachBand visit: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(isDrawnInBands, "all rows are needed at once")
    let composition = Composition(self, tiles: &canvas.tiles, with: textRenderer)
    let height = Canvas.bandHeight(description.size)
    for top in stride(from: 0, to: description.size.height, by: height) {
      canvas.resize(to: description.size, band: top..<min(top + height, description.size.height))
      canvas.draw(composition)
      try canvas.withRows(visit)
    }
  }
}
