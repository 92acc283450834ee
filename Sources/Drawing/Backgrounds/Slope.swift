/// How a linear gradient's shades follow each other over a picture, in blocks of pixels: one shade further on from each block to the
/// next, across and down.
///
/// Blocks are as large as neighbouring shades can be told apart (see ``Gradient/shadeCount``), so they are not seen; but rows of one
/// block are equal, and rows of neighbouring blocks are the same pixels a block further on, which is what a compressor finds.
struct Slope {
  /// Pixels a block is wide, and high.
  let blockWidth: Int
  let blockHeight: Int
  /// Of the whole picture.
  let shadeCount: Int
  private let rowCount: Int
  private let isRising: Bool

  /// - Parameters:
  ///   - across, down: in what proportion the gradient's way is spent from left to right and from top to bottom; a negative `down` leads
  ///     upwards.
  init(across: Int, down: Int, of gradient: Gradient, on size: PictureSize) {
    let (shades, whole) = (gradient.shadeCount, across + abs(down))
    blockWidth = Self.block(size.width, shades: shades * across, whole: whole)
    blockHeight = Self.block(size.height, shades: shades * abs(down), whole: whole)
    rowCount = (size.height + blockHeight - 1) / blockHeight
    shadeCount = (size.width + blockWidth - 1) / blockWidth + rowCount - 1
    isRising = down < 0
  }

  /// The shade at the left edge of a row.
  func firstShade(ofRow y: Int) -> Int {
    let row = y / blockHeight
    return isRising ? rowCount - 1 - row : row
  }

  /// Pixels of a side that share one of the shades that fall to it; at least 1, at most all.
  private static func block(_ side: Int, shades: Int, whole: Int) -> Int {
    shades == 0 ? side : min(max(side * whole / shades, 1), side)
  }
}
