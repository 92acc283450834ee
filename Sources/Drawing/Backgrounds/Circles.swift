/// A gradient's shades in circles around the centre of a picture, the second colour in the corners.
struct Circles {
  fileprivate let ramp: PackedRamp
  /// Shades a half pixel.
  fileprivate let scale: Float
  fileprivate let size: PictureSize

  init(_ gradient: Gradient, on size: PictureSize) {
    let shadeCount = gradient.shadeCount
    ramp = PackedRamp(Ramp(gradient, count: shadeCount))
    // Twice the distance from the centre is a whole number, whether the side is odd or even.
    let corner = Float((size.width - 1) * (size.width - 1) + (size.height - 1) * (size.height - 1)).squareRoot()
    scale = Float(shadeCount - 1) / max(corner, 1)
    self.size = size
  }

  /// The shade of each pixel from the centre to the right edge.
  fileprivate func findShades(_ shades: inout [UInt16], ofRow y: Int) {
    let doubledHeight = Float(size.height - 1 - 2 * y) * scale
    let squaredHeight = doubledHeight * doubledHeight
    let first = Float((size.width + 1) % 2)  // the centre of an even row lies between two pixels
    var target = shades.mutableSpan
    for column in 0..<target.count {
      let across = (first + 2 * Float(Int32(truncatingIfNeeded: column))) * scale
      // Adding 2²³ leaves the rounded number in the lowest bits: unlike `Int(…)`, no check that keeps this from being vector code.
      let shade = ((across * across + squaredHeight).squareRoot() + 0x1p23).bitPattern
      unsafe target[unchecked: column] = UInt16(truncatingIfNeeded: shade)
    }
  }
}

extension Canvas {
  /// Computes as little as can be: a row's right half, mirrored to its left, and copied to the row as far below the centre if that is here
  /// as well.
  mutating func paint(_ circles: Circles) {
    let (width, height, band) = (size.width, size.height, band)
    var shades = [UInt16](repeating: 0, count: (width + 1) / 2)
    for y in band {
      let twin = height - 1 - y
      if twin < y, band.contains(twin) { continue }
      circles.findShades(&shades, ofRow: y)
      let (row, mirrored) = (offset(x: 0, y: y), offset(x: 0, y: twin))
      withMutableRows { rows in
        rows.mirror(shades.span, of: circles.ramp, width: width, at: row)
        if twin > y, band.contains(twin) { rows.copy(from: row, to: mirrored, count: 3 * width) }
      }
    }
  }
}
