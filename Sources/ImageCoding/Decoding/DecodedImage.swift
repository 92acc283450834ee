/// The pixels of an uploaded image.
package struct DecodedImage: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// The upright size of the image in the file; there may be fewer pixels.
  package let originalSize: Size
  /// Whether the file had an alpha channel or a transparent colour; if not, alpha is 255 everywhere.
  package let hasAlpha: Bool
  /// Red, green, blue and alpha of each pixel, row by row, not premultiplied.
  package let pixels: [UInt8]

  package struct Size: Sendable, Equatable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
  }

  /// - Parameter originalSize: nil if the pixels have the original size.
  package init(width: Int, height: Int, hasAlpha: Bool, pixels: [UInt8], originalSize: Size? = nil) {
    precondition(pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.hasAlpha, self.pixels) = (width, height, hasAlpha, pixels)
    self.originalSize = originalSize ?? Size(width: width, height: height)
  }
}
