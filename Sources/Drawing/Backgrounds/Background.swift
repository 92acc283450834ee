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
    case .solid(let colour): paint(colour)
    case .gradient(let gradient): paint(gradient)
    }
  }

  private mutating func paint(_ gradient: Gradient) {
    func slope(_ across: Int, _ down: Int) -> Slope { Slope(across: across, down: down, of: gradient, on: size) }
    switch gradient.direction {
    case .horizontal: paint(gradient, along: slope(1, 0))
    case .vertical: paint(gradient, along: slope(0, 1))
    case .diagonal: paint(gradient, along: slope(1, 1))
    case .shallow: paint(gradient, along: slope(3, 1))
    case .steep: paint(gradient, along: slope(1, 3))
    case .rising: paint(gradient, along: slope(1, -1))
    case .radial: paintRadially(gradient)
    }
  }

  /// Copies a few rows again and again, as many as stay close to the processor: with the work around it, one row at a time takes a third
  /// longer.
  private mutating func paint(_ colour: Colour) {
    let ramp = Ramp(colour, count: size.width)
    let height = min(max(Self.repeatedByteCount / stride, 1), size.height)
    for y in 0..<height { copy(ramp, from: 0, toRow: y) }
    let stride = stride
    let rest = height..<size.height
    withMutableRows { rows in
      for y in Swift.stride(from: rest.lowerBound, to: rest.upperBound, by: height) {
        rows.copy(from: 0, to: y * stride, count: min(height, rest.upperBound - y) * stride)
      }
    }
  }

  private static let repeatedByteCount = 16 * 1024

  /// Each row is a part of one ramp, further on by whole pixels: a copy is all it takes.
  private mutating func paint(_ gradient: Gradient, along slope: Slope) {
    let shades = Ramp(gradient, count: slope.shadeCount)
    guard slope.blockWidth < size.width else { return paintRows(of: shades, along: slope) }
    let ramp = Ramp(shades, repeating: slope.blockWidth)
    for y in 0..<size.height { copy(ramp, from: slope.firstShade(ofRow: y) * slope.blockWidth, toRow: y) }
  }

  /// Rows of one colour each.
  private mutating func paintRows(of shades: Ramp, along slope: Slope) {
    for top in Swift.stride(from: 0, to: size.height, by: slope.blockHeight) {
      let row = Ramp(shades[slope.firstShade(ofRow: top)], count: size.width)
      for y in top..<min(top + slope.blockHeight, size.height) { copy(row, from: 0, toRow: y) }
    }
  }

  private mutating func copy(_ ramp: Ramp, from first: Int, toRow y: Int) {
    let target = offset(x: 0, y: y)
    let pixels = 3 * first..<3 * (first + size.width)
    withMutableRows { rows in rows.copy(ramp.bytes.span.extracting(pixels), to: target) }
  }
}
