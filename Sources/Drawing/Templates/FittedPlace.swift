/// Where a picture is drawn, and which part of it.
struct FittedPlace {
  let part: CoveringPart
  let box: Box

  /// - Parameter box: not empty.
  init(_ upload: Upload, in box: Box, _ fit: Template.Image.Fit, _ alignment: Template.Alignment) {
    let whole = CoveringPart(left: 0, top: 0, width: upload.width, height: upload.height)
    switch fit {
    case .stretch: (part, self.box) = (whole, box)
    case .cover:
      part = CoveringPart(
        ofWidth: upload.width, height: upload.height, forWidth: box.width, height: box.height, across: alignment.across,
        down: alignment.down)
      self.box = box
    case .contain:
      part = whole
      let scale = min(Float(box.width) / Float(upload.width), Float(box.height) / Float(upload.height))
      let width = min(max(Int((Float(upload.width) * scale).rounded()), 1), box.width)
      let height = min(max(Int((Float(upload.height) * scale).rounded()), 1), box.height)
      let left = box.columns.lowerBound + Int((Float(box.width - width) * alignment.across).rounded())
      let top = box.rows.lowerBound + Int((Float(box.height - height) * alignment.down).rounded())
      self.box = Box(left: left, top: top, right: left + width, bottom: top + height)
    }
  }
}

/// The part of a picture that has the proportions of another size, as large as possible.
package struct CoveringPart: Hashable, Sendable {
  package var left, top, width, height: Int

  package init(left: Int, top: Int, width: Int, height: Int) { (self.left, self.top, self.width, self.height) = (left, top, width, height) }

  /// The middle.
  ///
  /// - Parameters: width and height of the picture, at least 1.
  package init(ofWidth width: Int, height: Int, for size: PictureSize) {
    self.init(ofWidth: width, height: height, forWidth: size.width, height: size.height, across: 0.5, down: 0.5)
  }

  /// - Parameters:
  ///   - width, height: of the picture, at least 1.
  ///   - newWidth, newHeight: the proportions, at least 1.
  ///   - across, down: how much of what is cut off is on the left and above, 0 to 1.
  init(ofWidth width: Int, height: Int, forWidth newWidth: Int, height newHeight: Int, across: Float, down: Float) {
    let isTooWide = width * newHeight > height * newWidth
    self.width = isTooWide ? Self.side(height * newWidth, newHeight, atMost: width) : width
    self.height = isTooWide ? height : Self.side(width * newHeight, newWidth, atMost: height)
    left = Int(Float(width - self.width) * across)
    top = Int(Float(height - self.height) * down)
  }

  /// The quotient, rounded to the nearest whole number.
  private static func side(_ product: Int, _ divisor: Int, atMost limit: Int) -> Int {
    min(max((2 * product + divisor) / (2 * divisor), 1), limit)
  }
}

extension Upload {
  /// A part of the picture.
  package func part(_ part: CoveringPart) -> Upload {
    guard part.width != width || part.height != height else { return self }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(4 * part.width * part.height)
    for y in 0..<part.height {
      let start = 4 * ((part.top + y) * width + part.left)
      pixels += self.pixels[start..<start + 4 * part.width]
    }
    return Upload(width: part.width, height: part.height, pixels: pixels, isOpaque: isOpaque)
  }
}
