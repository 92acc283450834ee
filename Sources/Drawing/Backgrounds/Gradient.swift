/// The background of a picture, under everything else.
package enum Background: Sendable, Hashable {
  case solid(Colour)
  /// One colour above another: the second is the foot, in which the watermark stands. In an animation, it is raised: by 1 if it reaches the
  /// top.
  case card(Colour, foot: Colour, raised: Float = 0)
  case gradient(Gradient)

  /// Whether neighbouring pixels of a row differ. Such rows differ little from those above.
  var changesAcross: Bool {
    guard case .gradient(let gradient) = self else { return false }
    return gradient.direction != .vertical
  }

  /// Colours of the background, close enough together that every other colour in it is near one of them.
  var colours: [Colour] {
    switch self {
    case .solid(let colour): [colour]
    case .card(let colour, let foot, _): [colour, foot]
    case .gradient(let gradient): gradient.stops
    }
  }
}

extension Canvas {
  mutating func paint(_ background: Background) { paint(PreparedBackground(background, on: size)) }
}

/// A smooth transition from one colour to another.
package struct Gradient: Sendable, Hashable {
  package let first: Colour
  package let second: Colour
  package let direction: Direction
  /// Colours at equal distances along the gradient, ends included. Between two of them, mixing sRGB values is good enough.
  let stops: [Colour]

  package init(from first: Colour, to second: Colour, _ direction: Direction) {
    (self.first, self.second, self.direction) = (first, second, direction)
    let (start, end) = (OKLCH(first), OKLCH(second))
    let between = (1..<Self.stopCount - 1).map { stop in
      start.mixed(with: end, share: Float(stop) / Float(Self.stopCount - 1)).colour
    }
    stops = [first] + between + [second]
  }

  /// The number of distinct shades: each differs from the next by one level of the channel that changes most. Neither the canvas nor the
  /// eye could tell more apart.
  var shadeCount: Int {
    zip(stops, stops.dropFirst()).reduce(1) { count, pair in count + pair.0.distance(to: pair.1) }
  }

  private static let stopCount = 17
}

extension Gradient {
  /// The direction of a gradient.
  package enum Direction: Sendable, Hashable, CaseIterable {
    /// Begins at the left, or at the top.
    case horizontal, vertical
    /// Begin in the top left corner and lead as much across as down, more across, or more down.
    case diagonal, shallow, steep
    /// Begins in the bottom left corner and leads as much across as up.
    case rising
    /// Begins in the centre.
    case radial

    /// How far the gradient leads to the right in proportion to how far it leads down; `down` is negative if it leads up. Nil for a radial
    /// gradient.
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
