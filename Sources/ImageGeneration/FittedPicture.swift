package import Drawing
package import ImageCoding

/// A picture that takes the place of a drawn image: scaled and cropped to its size, as rows for an encoder.
package struct FittedPicture: Sendable {
  package let size: PictureSize
  /// Whether a pixel has four bytes (red, green, blue, alpha, not premultiplied), and not three.
  package let hasAlpha: Bool
  /// All rows. Each begins with PNG's filter byte (0, None).
  package internal(set) var rows: [UInt8]

  /// Pixels to which a file is reduced as it is decoded, at least: as many as the largest image has, so that a file of any size that can be asked
  /// for comes back as it is.
  package static let mostPixels = PictureSize.maximumSide * PictureSize.maximumSide

  /// Scales a picture by Lanczos' filter until it covers a size, and cuts off what is outside, as much on both sides. A picture of that size keeps
  /// its pixels.
  ///
  /// - Parameter keepsAlpha: whether an alpha channel stays. If not, what is transparent shows white.
  package init(_ picture: DecodedImage, covering size: PictureSize, keepsAlpha: Bool) {
    (self.size, hasAlpha) = (size, picture.hasAlpha && keepsAlpha)
    let part = CoveringPart(ofWidth: picture.width, height: picture.height, for: size)
    guard part.width != size.width || part.height != size.height else {
      rows = Self.rows(of: part, picture, hasAlpha: hasAlpha)
      return
    }
    let upload = Upload(width: picture.width, height: picture.height, pixels: picture.pixels, isOpaque: !picture.hasAlpha)
    rows = upload.part(part).scaledRows(width: size.width, height: size.height, hasAlpha: hasAlpha)
  }

  /// The rows of a part that needs no scaling.
  private static func rows(of part: CoveringPart, _ picture: DecodedImage, hasAlpha: Bool) -> [UInt8] {
    let stride = 1 + (hasAlpha ? 4 : 3) * part.width
    var rows = [UInt8](repeating: 0, count: stride * part.height)
    var target = rows.mutableSpan
    let source = picture.pixels.span
    for y in 0..<part.height {
      let start = 4 * ((part.top + y) * picture.width + part.left)
      let pixels = source.extracting(start..<start + 4 * part.width)
      if hasAlpha { target.copy(pixels, to: y * stride + 1) } else { target.copyOnWhite(pixels, to: y * stride + 1) }
    }
    return rows
  }
}

extension MutableSpan<UInt8> {
  fileprivate mutating func copy(_ pixels: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && offset + pixels.count <= count, "row ends outside the rows")
    for index in 0..<pixels.count { unsafe self[unchecked: offset &+ index] = pixels[unchecked: index] }
  }

  /// Leaves out the alpha channel. What is transparent becomes white.
  fileprivate mutating func copyOnWhite(_ pixels: Span<UInt8>, to offset: Int) {
    let width = pixels.count / 4
    precondition(offset >= 0 && offset + 3 * width <= count, "row ends outside the rows")
    for x in 0..<width {
      let (source, target) = (4 &* x, offset &+ 3 &* x)
      let alpha = unsafe UInt32(pixels[unchecked: source &+ 3])
      for channel in 0..<3 {
        let colour = unsafe UInt32(pixels[unchecked: source &+ channel])
        let mixed = (colour &* alpha &+ 255 &* (255 &- alpha) &+ 127) / 255
        unsafe self[unchecked: target &+ channel] = UInt8(truncatingIfNeeded: mixed)
      }
    }
  }
}
