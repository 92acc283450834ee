extension DecodedImage {
  /// The image reduced to at most `limit` pixels.
  ///
  /// - Parameter limit: at least 1.
  package func reduced(toPixels limit: Int) -> DecodedImage {
    let reduction = Reduction(width: width, height: height, toPixels: limit)
    guard reduction.side > 1 else { return self }
    return reduced(reduction, stride: 1, of: originalSize)
  }

  /// - Parameters:
  ///   - reduction: the reduction of the uploaded image, of which this image has every n-th pixel and row.
  func reduced(_ reduction: Reduction, stride: Int, of originalSize: Size) -> DecodedImage {
    var reducer = RowReducer(reduction, ofWidth: width * stride, stride: stride)
    let bytes = unsafe pixels.span.bytes
    for y in 0..<height {
      reducer.add(y * stride, bytes.extracting(4 * width * y..<4 * width * (y + 1)), isOpaque: !hasAlpha)
    }
    reducer.finish()
    return DecodedImage(
      width: reduction.width, height: reduction.height, hasAlpha: hasAlpha, pixels: reducer.pixels, originalSize: originalSize)
  }
}
