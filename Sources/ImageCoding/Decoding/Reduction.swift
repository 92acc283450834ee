/// How a picture comes to have fewer pixels, so that sixteen large ones need no more memory than one: each new pixel is the mean of a square
/// of old ones. What is left over at the right and lower edges goes.
struct Reduction {
  /// Of a square, in old pixels; 1: nothing is reduced.
  let side: Int
  let width: Int
  let height: Int

  /// - Parameter limit: how many pixels there may be, at least 1. Sides of less than one square keep one pixel.
  init(width: Int, height: Int, toPixels limit: Int) {
    precondition(limit > 0, "no room for a pixel")
    var side = 1
    while max(width / side, 1) * max(height / side, 1) > limit { side += 1 }
    (self.side, self.width, self.height) = (side, max(width / side, 1), max(height / side, 1))
  }
}
