extension DecodedImage {
  /// The picture with at most so many pixels, so that sixteen large ones need no more memory than one: each new pixel is the mean of a
  /// square of old ones. What is left over at the right and lower edges goes.
  ///
  /// - Parameter limit: at least 1. Sides of less than one square keep one pixel.
  package func reduced(toPixels limit: Int) -> DecodedImage {
    precondition(limit > 0, "no room for a pixel")
    var side = 1
    while max(width / side, 1) * max(height / side, 1) > limit { side += 1 }
    guard side > 1 else { return self }
    let (newWidth, newHeight) = (max(width / side, 1), max(height / side, 1))
    var reduced = [UInt8](repeating: 0, count: 4 * newWidth * newHeight)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let mean = mean(columns: x * side..<min((x + 1) * side, width), rows: y * side..<min((y + 1) * side, height))
        for channel in 0..<4 { reduced[4 * (y * newWidth + x) + channel] = mean[channel] }
      }
    }
    return DecodedImage(width: newWidth, height: newHeight, hasAlpha: hasAlpha, pixels: reduced, originalSize: originalSize)
  }

  /// Colours weigh as much as they are opaque: what cannot be seen does not bleed into what can.
  private func mean(columns: Range<Int>, rows: Range<Int>) -> SIMD4<UInt8> {
    var sum = SIMD4<UInt64>.zero
    let pixels = pixels.span
    for y in rows {
      for x in columns {
        let offset = 4 * (y * width + x)
        let alpha = UInt64(pixels[offset + 3])
        sum &+= SIMD4(UInt64(pixels[offset]) &* alpha, UInt64(pixels[offset + 1]) &* alpha, UInt64(pixels[offset + 2]) &* alpha, alpha)
      }
    }
    let weight = max(sum.w, 1)
    var mean = (sum &+ weight / 2) / weight
    mean.w = sum.w / UInt64(columns.count * rows.count)
    return SIMD4(truncatingIfNeeded: mean)
  }
}
