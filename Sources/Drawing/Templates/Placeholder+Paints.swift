/// The colours of a request, as templates name them.
extension Placeholder {
  func colour(_ shade: Template.Shade) -> Colour {
    switch shade {
    case .fixed(let colour): colour
    case .palette(.primary): recipe.colour
    case .palette(.secondary): recipe.secondColour
    case .palette(.paper): Scheme.tints(of: recipe.colour).paper
    case .palette(.foot): Scheme.tints(of: recipe.colour).foot
    }
  }

  /// The background of a fill in a still picture; nil for a pattern, which has none.
  func background(of paint: Template.Fill.Paint) -> Background? {
    switch paint {
    case .look: background
    case .card: card
    case .solid(let shade): .solid(colour(shade))
    case .paletteGradient(let direction): gradient(direction ?? recipe.direction)
    case .gradient(let first, let second, let direction):
      .gradient(Gradient(from: colour(first), to: colour(second), direction ?? recipe.direction))
    case .pattern: nil
    }
  }

  /// The plain background of the request's colour. That of standard quality is it.
  private var card: Background {
    if case .card = background { return background }
    return Scheme.card(of: recipe.colour)
  }

  /// The gradient of the request's colours. The background of hd quality is one.
  private func gradient(_ direction: Gradient.Direction) -> Background {
    if case .gradient(let known) = background, known.direction == direction { return background }
    return .gradient(Scheme.gradient(from: recipe.colour, to: recipe.secondColour, direction))
  }
}

extension PictureSize {
  /// The whole picture.
  var box: Box { Box(left: 0, top: 0, right: width, bottom: height) }
}
