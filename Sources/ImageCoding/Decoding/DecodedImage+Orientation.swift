extension DecodedImage {
  /// The upright image.
  ///
  /// - Parameter orientation: EXIF's orientation, 1 (upright) to 8, of which the last four exchange rows and columns.
  func upright(from orientation: Int) -> DecodedImage {
    guard orientation != 1, let turn = Self.turns[orientation] else { return self }
    let (newWidth, newHeight) = turn.exchanges ? (height, width) : (width, height)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    var span = turned.mutableSpan
    var target = unsafe span.mutableBytes
    let source = unsafe pixels.span.bytes
    // The steps from one pixel of a new row to the next, and from one new row to the next, in pixels of the old image.
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
    /// Whether the stored rows are the columns of the upright image.
    var exchanges: Bool
    /// The corner from which stored columns and rows are counted.
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
