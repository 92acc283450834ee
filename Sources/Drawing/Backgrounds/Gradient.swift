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

/// A smooth way from one colour to another.
package struct Gradient: Sendable, Hashable {
  package var first: Colour
  package var second: Colour
  package var direction: Direction

  package init(from first: Colour, to second: Colour, _ direction: Direction) {
    self.first = first
    self.second = second
    self.direction = direction
  }

  /// The colours at equal distances along the way, ends included. Between two of them, mixing sRGB values is good enough.
  var stops: [Colour] {
    let (start, end) = (OKLab(first), OKLab(second))
    let between = (1..<Self.stopCount - 1).map { stop in
      start.mixed(with: end, share: Float(stop) / Float(Self.stopCount - 1)).colour
    }
    return [first] + between + [second]
  }

  /// How many shades the way has where each differs from the next by one level of the channel that changes most. More could not be
  /// told apart, on the canvas or by the eye.
  var shadeCount: Int {
    let stops = stops
    return zip(stops, stops.dropFirst()).reduce(1) { count, pair in count + pair.0.distance(to: pair.1) }
  }

  private static let stopCount = 17
}

extension Gradient {
  /// Where the way leads.
  package enum Direction: Sendable, Hashable, CaseIterable {
    /// From the left, or from the top.
    case horizontal, vertical
    /// From the top left corner: as much across as down, more across, more down.
    case diagonal, shallow, steep
    /// From the bottom left corner, as much across as up.
    case rising
    /// From the centre.
    case radial

    /// In what proportion the way leads from left to right and from top to bottom, negative where it leads upwards; nil from the centre.
    var proportion: (across: Int, down: Int)? {
      switch self {
      case .horizontal: (1, 0)
      case .vertical: (0, 1)
      case .diagonal: (1, 1)
      case .shallow: (3, 1)
      case .steep: (1, 3)
      case .rising: (1, -1)
      case .radial: nil
      }
    }
  }
}
