/// What lies under everything else.
package enum Background: Sendable, Hashable {
  case solid(Colour)
  case gradient(Gradient)

  /// Colours that occur in it, close enough together that no other is far from all of them.
  var colours: [Colour] {
    switch self {
    case .solid(let colour): [colour]
    case .gradient(let gradient): gradient.stops
    }
  }
}

extension Canvas {
  mutating func paint(_ background: Background) { paint(PreparedBackground(background, on: size)) }
}
