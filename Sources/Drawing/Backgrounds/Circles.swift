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

/// A ramp's pixels in four bytes each, so that a pixel is one load and one store.
struct PackedRamp: Sendable {
  fileprivate let pixels: [UInt32]

  init(_ ramp: Ramp) {
    pixels = (0..<ramp.bytes.count / 3).map { index in
      let colour = ramp[index]
      return UInt32(colour.red) | UInt32(colour.green) << 8 | UInt32(colour.blue) << 16
    }
  }
}

extension MutableSpan<UInt8> {
  /// Writes one row that is the same from its centre to both sides.
  ///
  /// - Parameters:
  ///   - shades: indices into the ramp, from the centre to the right edge.
  ///   - width: pixels of the row.
  ///   - offset: where the row's first pixel lies.
  mutating func mirror(_ shades: Span<UInt16>, of ramp: PackedRamp, width: Int, at offset: Int) {
    precondition(shades.count == (width + 1) / 2 && offset >= 0 && offset + 3 * width <= count, "row ends outside the rows")
    let left = width / 2
    let centre = width % 2  // which an odd row has only once
    let pixels = ramp.pixels.span
    for x in 0..<left {
      let pixel = unsafe pixels[Int(shades[unchecked: left &- 1 &- x &+ centre])]
      write(pixel, at: offset &+ 3 &* x)
    }
    for x in left..<width - 1 {
      let pixel = unsafe pixels[Int(shades[unchecked: x &- left])]
      write(pixel, at: offset &+ 3 &* x)
    }
    writeLast(pixels[Int(shades[shades.count - 1])], at: offset + 3 * (width - 1))
  }

  /// Writes a pixel, and a byte of the next one that is to be written after it.
  private mutating func write(_ pixel: UInt32, at offset: Int) {
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.unsafelyUnwrapped.storeBytes(of: pixel, toByteOffset: offset, as: UInt32.self)
    }
  }

  private mutating func writeLast(_ pixel: UInt32, at offset: Int) {
    for channel in 0..<3 { self[offset + channel] = UInt8(truncatingIfNeeded: pixel >> UInt32(8 * channel)) }
  }
}
