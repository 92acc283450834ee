/// A picture that someone sent, as pixels.
package struct DecodedImage: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// Whether the file had an alpha channel or a transparent colour; if not, alpha is 255 everywhere.
  package let hasAlpha: Bool
  /// Red, green, blue and alpha of one pixel after the other, row by row, not premultiplied.
  package let pixels: [UInt8]

  package init(width: Int, height: Int, hasAlpha: Bool, pixels: [UInt8]) {
    precondition(pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.hasAlpha, self.pixels) = (width, height, hasAlpha, pixels)
  }
}
