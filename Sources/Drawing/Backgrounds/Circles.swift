/// A radial gradient: shades in circles around the centre of a picture, with the second colour in the corners.
///
/// Circles rise and fall in steps as high as a shade is wide. The steps are invisible, because neighbouring shades cannot be told apart,
/// but the rows of a step are equal, and a compressor finds that.
struct Circles {
  fileprivate let ramp: PackedRamp
  /// Shades per half pixel.
  fileprivate let scale: Float
  /// The number of rows that are painted alike: the width of a shade.
  fileprivate let blockHeight: Int
  fileprivate let size: PictureSize

  init(_ gradient: Gradient, on size: PictureSize) {
    let shadeCount = gradient.shadeCount
    ramp = PackedRamp(Ramp(gradient, count: shadeCount))
    // Distances from the centre are doubled, because twice a distance is a whole number for odd and even sides.
    let corner = Float((size.width - 1) * (size.width - 1) + (size.height - 1) * (size.height - 1)).squareRoot()
    scale = Float(shadeCount - 1) / max(corner, 1)
    blockHeight = max(1, Int(corner / 2) / shadeCount)
    self.size = size
  }

  /// Twice a row's distance from the centre. All rows of a block have the distance of its middle row, which differs by less than half a
  /// shade, so that no corner lies beyond the last shade.
  fileprivate func doubledHeight(ofRow y: Int) -> Int {
    let doubled = abs(size.height - 1 - 2 * y)
    let block = 2 * blockHeight
    return doubled / block * block + blockHeight - 1 + doubled % 2
  }

  /// Finds the shade of each pixel from the centre to the right edge.
  fileprivate func findShades(_ shades: inout [UInt16], doubledHeight: Int) {
    let height = Float(doubledHeight) * scale
    let squaredHeight = height * height
    let first = Float((size.width + 1) % 2)  // The centre of an even row lies between two pixels.
    var target = shades.mutableSpan
    for column in 0..<target.count {
      let across = (first + 2 * Float(Int32(truncatingIfNeeded: column))) * scale
      // Adding 2²³ leaves the rounded number in the lowest bits. `Int(…)` would add a check that prevents vector code.
      let shade = ((across * across + squaredHeight).squareRoot() + 0x1p23).bitPattern
      unsafe target[unchecked: column] = UInt16(truncatingIfNeeded: shade)
    }
  }
}

extension Canvas {
  /// Computes only the right half of each block's first row, mirrors it to the left and copies the row to the rest of the block.
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

/// The pixels of a ramp in four bytes each, so that copying a pixel is one load and one store.
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
  /// Writes one row that is symmetric around its centre.
  ///
  /// - Parameters:
  ///   - shades: indices into the ramp, from the centre to the right edge.
  ///   - width: the width of the row in pixels.
  ///   - offset: the offset of the row's first pixel.
  mutating func mirror(_ shades: Span<UInt16>, of ramp: PackedRamp, width: Int, at offset: Int) {
    precondition(shades.count == (width + 1) / 2 && offset >= 0 && offset + 3 * width <= count, "row ends outside the rows")
    let left = width / 2
    let centre = width % 2  // An odd row has its centre pixel only once.
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

  /// Writes a pixel, and overwrites one byte of the next pixel, which must be written afterwards.
  private mutating func write(_ pixel: UInt32, at offset: Int) {
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.unsafelyUnwrapped.storeBytes(of: pixel, toByteOffset: offset, as: UInt32.self)
    }
  }

  private mutating func writeLast(_ pixel: UInt32, at offset: Int) {
    for channel in 0..<3 { self[offset + channel] = UInt8(truncatingIfNeeded: pixel >> UInt32(8 * channel)) }
  }
}
