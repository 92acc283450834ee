/// An uploaded picture to draw on.
package struct Upload: Sendable {
  package let width: Int
  package let height: Int
  /// Red, green, blue and alpha of each pixel, row by row, not premultiplied.
  let pixels: [UInt8]
  /// Whether alpha is known to be 255 everywhere.
  package let isOpaque: Bool

  /// - Parameters: the size and pixels of a picture of at least one pixel.
  package init(width: Int, height: Int, pixels: [UInt8], isOpaque: Bool = false) {
    precondition(width > 0 && height > 0 && pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.pixels, self.isOpaque) = (width, height, pixels, isOpaque)
  }

  /// Width divided by height.
  var proportion: Float { Float(width) / Float(height) }
}
