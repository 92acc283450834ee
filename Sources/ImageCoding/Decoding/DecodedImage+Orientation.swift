extension DecodedImage {
  /// The picture as it was seen.
  ///
  /// - Parameter orientation: as EXIF has it: 1 (upright) to 8, of which the last four exchange rows and columns.
  func upright(from orientation: Int) -> DecodedImage {
    guard orientation != 1, let turn = Self.turns[orientation] else { return self }
    let (newWidth, newHeight) = turn.exchanges ? (height, width) : (width, height)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    var target = turned.mutableSpan
    let source = pixels.span
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (across, down) = turn.exchanges ? (y, x) : (x, y)
        let column = turn.fromRight ? width - 1 - across : across
        let row = turn.fromBottom ? height - 1 - down : down
        let (from, to) = (4 * (row * width + column), 4 * (y * newWidth + x))
        for channel in 0..<4 { target[to + channel] = source[from + channel] }
      }
    }
    let (wide, high) = (originalSize.width, originalSize.height)
    return DecodedImage(
      width: newWidth, height: newHeight, hasAlpha: hasAlpha, pixels: turned,
      originalSize: turn.exchanges ? Size(width: high, height: wide) : originalSize)
  }

  private struct Turn: Sendable {
    /// Whether the stored rows are the columns that were seen.
    var exchanges: Bool
    /// From where stored columns and rows are counted.
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
