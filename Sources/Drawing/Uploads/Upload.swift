/// A picture that someone sent, to be drawn on.
package struct Upload: Sendable {
  package let width: Int
  package let height: Int
  /// Red, green, blue and alpha of one pixel after the other, row by row, not premultiplied.
  let pixels: [UInt8]

  /// - Parameters: a picture of at least one pixel.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }
}
