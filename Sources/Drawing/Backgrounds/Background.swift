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
  mutating func paint(_ background: Background) {
    switch background {
    case .solid(let colour): paintEveryRow(with: Ramp(colour, count: size.width))
    case .gradient(let gradient): paint(gradient)
    }
  }

  private mutating func paint(_ gradient: Gradient) {
    switch gradient.direction {
    case .horizontal: paintEveryRow(with: Ramp(gradient, count: size.width))
    case .vertical: paintDownwards(Ramp(gradient, count: size.height))
    case .diagonal: paintDiagonally(Ramp(gradient, count: size.width + size.height - 1))
    case .radial: paintRadially(gradient)
    }
  }

  private mutating func paintEveryRow(with ramp: Ramp) {
    for y in 0..<size.height { copy(ramp, from: 0, toRow: y) }
  }

  /// Rows of one colour each; a row that is like the one above is a copy of it.
  private mutating func paintDownwards(_ ramp: Ramp) {
    var row = Ramp(ramp[0], count: size.width)
    for y in 0..<size.height {
      if y > 0, ramp[y] != ramp[y - 1] { row = Ramp(ramp[y], count: size.width) }
      copy(row, from: 0, toRow: y)
    }
  }

  /// Colour depends on x + y alone: each row is the ramp, one pixel further on. It is the fastest gradient and, rows being repeats of
  /// each other at one offset, the one that compresses best.
  private mutating func paintDiagonally(_ ramp: Ramp) {
    for y in 0..<size.height { copy(ramp, from: y, toRow: y) }
  }

  private mutating func copy(_ ramp: Ramp, from first: Int, toRow y: Int) {
    let target = offset(x: 0, y: y)
    let pixels = 3 * first..<3 * (first + size.width)
    withMutableRows { rows in rows.copy(ramp.bytes.span.extracting(pixels), to: target) }
  }
}
