/// A smooth way from one colour to another.
package struct Gradient: Sendable, Hashable {
  /// Where the way leads: from the left, the top, the top left corner, or the centre.
  package enum Direction: Sendable, Hashable, CaseIterable {
    case horizontal, vertical, diagonal, radial
  }

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

  private static let stopCount = 17
}
