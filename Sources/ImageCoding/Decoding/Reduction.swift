/// Reduces the pixels of an image, so that sixteen large ones need no more memory than one: each new pixel is the mean of a square of old ones.
/// Remaining pixels at the right and lower edges are dropped.
struct Reduction {
  /// The side of a square, in old pixels; 1 means no reduction.
  let side: Int
  let width: Int
  let height: Int

  /// - Parameter limit: the maximum number of pixels, at least 1. A side shorter than one square keeps one pixel.
  init(width: Int, height: Int, toPixels limit: Int) {
    precondition(limit > 0, "no room for a pixel")
    var side = 1
    while max(width / side, 1) * max(height / side, 1) > limit { side += 1 }
    (self.side, self.width, self.height) = (side, max(width / side, 1), max(height / side, 1))
  }
}
