/// A gradient's shades in circles around the centre of a picture, the second colour in the corners.
///
/// Neighbouring shades cannot be told apart, so nobody sees that circles go up and down in steps as high as a shade is wide; but the rows of
/// a step are equal, which is what a compressor finds.
struct Circles {
  fileprivate let ramp: PackedRamp
  /// Shades a half pixel.
  fileprivate let scale: Float
  /// Rows that are painted alike: as many as a shade is wide.
  fileprivate let blockHeight: Int
  fileprivate let size: PictureSize

  init(_ gradient: Gradient, on size: PictureSize) {
    let shadeCount = gradient.shadeCount
    ramp = PackedRamp(Ramp(gradient, count: shadeCount))
    // Twice the distance from the centre is a whole number, whether the side is odd or even.
    let corner = Float((size.width - 1) * (size.width - 1) + (size.height - 1) * (size.height - 1)).squareRoot()
    scale = Float(shadeCount - 1) / max(corner, 1)
    blockHeight = max(1, Int(corner / 2) / shadeCount)
    self.size = size
  }

  /// Twice a row's distance from the centre, for all rows of a block the middle one's. Less than half a shade from where the row is, so that
  /// no corner lies beyond the last one.
  fileprivate func doubledHeight(ofRow y: Int) -> Int {
    let doubled = abs(size.height - 1 - 2 * y)
    let block = 2 * blockHeight
    return doubled / block * block + blockHeight - 1 + doubled % 2
  }

  /// The shade of each pixel from the centre to the right edge.
  fileprivate func findShades(_ shades: inout [UInt16], doubledHeight: Int) {
    let height = Float(doubledHeight) * scale
    let squaredHeight = height * height
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
  /// Computes only the right half of each block's first row: it is mirrored to the left, and copied to the other rows.
  mutating func paint(_ circles: Circles) {
    let (width, stride) = (size.width, stride)
    var shades = [UInt16](repeating: 0, count: (width + 1) / 2)
    var last: Int?
    for y in band {
      let row = offset(x: 0, y: y)
      let height = circles.doubledHeight(ofRow: y)
      defer { last = height }
      if height == last {
        withMutableRows { rows in rows.copy(from: row - stride, to: row, count: 3 * width) }
      } else {
        circles.findShades(&shades, doubledHeight: height)
        withMutableRows { rows in rows.mirror(shades.span, of: circles.ramp, width: width, at: row) }
      }
    }
  }
}
