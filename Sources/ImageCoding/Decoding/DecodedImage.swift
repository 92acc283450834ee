/// The pixels of an uploaded picture.
package struct DecodedImage: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// The upright size of the picture in the file. The pixels may be fewer.
  package let originalSize: Size
  /// Whether the file had an alpha channel or a transparent colour; if not, alpha is 255 everywhere.
  package let hasAlpha: Bool
  /// Red, green, blue and alpha of each pixel, row by row, not premultiplied.
  package let pixels: [UInt8]

  package struct Size: Sendable, Equatable, CustomStringConvertible {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    package var description: String { "\(width)x\(height)" }
  }

  /// - Parameter originalSize: nil if the pixels are all pixels of the file.
  package init(width: Int, height: Int, hasAlpha: Bool, pixels: [UInt8], originalSize: Size? = nil) {
    precondition(pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.hasAlpha, self.pixels) = (width, height, hasAlpha, pixels)
    self.originalSize = originalSize ?? Size(width: width, height: height)
  }
}

extension DecodedImage {
  /// The picture turned upright.
  ///
  /// - Parameter orientation: EXIF's value from 1 (upright) to 8; the last four exchange rows and columns.
  func upright(from orientation: Int) -> DecodedImage {
    guard orientation != 1, let turn = Self.turns[orientation] else { return self }
    let (newWidth, newHeight) = turn.exchanges ? (height, width) : (width, height)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    var span = turned.mutableSpan
    var target = unsafe span.mutableBytes
    let source = unsafe pixels.span.bytes
    // The steps through the old picture, in pixels: from one pixel of a new row to the next, and from one new row to the next.
    let across = turn.fromRight ? -1 : 1
    let down = turn.fromBottom ? -width : width
    let (step, nextRow) = turn.exchanges ? (down, across) : (across, down)
    var first = (turn.fromRight ? width - 1 : 0) + (turn.fromBottom ? (height - 1) * width : 0)
    for y in 0..<newHeight {
      var from = first
      for x in 0..<newWidth {
        let pixel = unsafe source.unsafeLoad(fromByteOffset: 4 * from, as: UInt32.self)
        target.storeBytes(of: pixel, toByteOffset: 4 * (y * newWidth + x), as: UInt32.self)
        from += step
      }
      first += nextRow
    }
    let (wide, high) = (originalSize.width, originalSize.height)
    return DecodedImage(
      width: newWidth, height: newHeight, hasAlpha: hasAlpha, pixels: turned,
      originalSize: turn.exchanges ? Size(width: high, height: wide) : originalSize)
  }

  private struct Turn: Sendable {
    /// Whether rows and columns change places.
    var exchanges: Bool
    /// Whether stored columns count from the right, and stored rows from the bottom.
    var fromRight: Bool
    var fromBottom: Bool
  }

  private static let turns: [Int: Turn] = [
    2: Turn(exchanges: false, fromRight: true, fromBottom: false),
    3: Turn(exchanges: false, fromRight: true, fromBottom: true),
    4: Turn(exchanges: false, fromRight: false, fromBottom: true),
    5: Turn(exchanges: true, fromRight: false, fromBottom: false),
    6: Turn(exchanges: true, fromRight: false, fromBottom: true),
    7: Turn(exchanges: true, fromRight: true, fromBottom: true),
    8: Turn(exchanges: true, fromRight: true, fromBottom: false),
  ]
}

extension DecodedImage {
  /// The picture reduced to at most `limit` pixels.
  ///
  /// - Parameter limit: at least 1.
  package func reduced(toPixels limit: Int) -> DecodedImage {
    let reduction = Reduction(width: width, height: height, toPixels: limit)
    guard reduction.side > 1 else { return self }
    return reduced(reduction, stride: 1, of: originalSize)
  }

  /// - Parameters:
  ///   - reduction: the reduction of the uploaded picture. This picture has one of `stride` of its columns and rows.
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
