extension Canvas {
  /// Circles around the centre, the second colour in the corners.
  ///
  /// Only a quarter is computed: a row's right half, mirrored to its left, and copied to the row as far below the centre.
  mutating func paintRadially(_ gradient: Gradient) {
    let size = size
    let shadeCount = gradient.shadeCount
    let ramp = PackedRamp(Ramp(gradient, count: shadeCount))
    // Twice the distance from the centre is a whole number, whether the side is odd or even.
    let corner = Float((size.width - 1) * (size.width - 1) + (size.height - 1) * (size.height - 1)).squareRoot()
    let scale = Float(shadeCount - 1) / max(corner, 1)
    var shades = [UInt16](repeating: 0, count: (size.width + 1) / 2)
    for y in 0..<(size.height + 1) / 2 {
      Self.findShades(&shades, doubledHeight: Float(size.height - 1 - 2 * y) * scale, scale: scale, width: size.width)
      let row = offset(x: 0, y: y)
      let mirrored = offset(x: 0, y: size.height - 1 - y)
      withMutableRows { rows in
        rows.mirror(shades.span, of: ramp, width: size.width, at: row)
        if mirrored != row { rows.copy(from: row, to: mirrored, count: 3 * size.width) }
      }
    }
  }

  /// The shade of each pixel from the centre to the right edge.
  private static func findShades(_ shades: inout [UInt16], doubledHeight: Float, scale: Float, width: Int) {
    let squaredHeight = doubledHeight * doubledHeight
    let first = Float((width + 1) % 2)  // the centre of an even row lies between two pixels
    var target = shades.mutableSpan
    for column in 0..<target.count {
      let across = (first + 2 * Float(Int32(truncatingIfNeeded: column))) * scale
      // Adding 2²³ leaves the rounded number in the lowest bits: unlike `Int(…)`, no check that keeps this from being vector code.
      let shade = ((across * across + squaredHeight).squareRoot() + 0x1p23).bitPattern
      unsafe target[unchecked: column] = UInt16(truncatingIfNeeded: shade)
    }
  }
}
