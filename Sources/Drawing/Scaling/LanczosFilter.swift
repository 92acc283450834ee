import Glibc

/// One dimension of Lanczos' filter with three lobes, which keeps edges sharp in a larger picture and details apart in a smaller one. Each new
/// pixel is the mean of six old pixels, or, in a smaller picture, of as many as six new pixels cover. Some weights are negative, so a mean may
/// be outside the range of the old pixels. At the edges, the pixels that are there share the weights of those that are not.
///
/// The definition: <https://en.wikipedia.org/wiki/Lanczos_resampling>. Which pixels count is decided as in Pillow, to be comparable.
///
/// All numbers are in flat arrays, for the innermost loops: each new pixel has the same number of old ones, a multiple of ``groupSize``. Those
/// beyond its own have the weight 0, and may be beyond the last old pixel.
struct LanczosFilter {
  /// Old pixels that are added up at once: as many as a pixel of a larger picture has.
  static let groupSize = 6

  /// The number of old pixels of each new one.
  let count: Int
  /// The first old pixel of each new one; never before that of the new pixel before.
  private(set) var starts: [Int] = []
  /// `count` weights of each new pixel.
  private(set) var weights: [Float] = []

  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    let stretch = max(scale, 1)
    let radius = Self.lobes * stretch
    let most = Int((2 * radius).rounded(.up))
    count = (most + Self.groupSize - 1) / Self.groupSize * Self.groupSize
    starts.reserveCapacity(new)
    weights.reserveCapacity(new * count)
    for target in 0..<new {
      let centre = (Double(target) + 0.5) * scale
      let reach = Int((centre - radius + 0.5).rounded(.down))..<Int((centre + radius + 0.5).rounded(.down))
      let sources = reach.clamped(to: 0..<old)
      let first = weights.count
      starts.append(sources.lowerBound)
      for source in sources { weights.append(Self.lanczos((Float(source) + 0.5 - Float(centre)) / Float(stretch))) }
      let sum = weights[first...].reduce(0, +)
      for index in first..<weights.count { weights[index] /= sum }
      weights.append(contentsOf: repeatElement(0, count: count - sources.count))
    }
  }

  private static let lobes = 3.0

  private static func lanczos(_ distance: Float) -> Float { abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0 }

  private static func sinc(_ x: Float) -> Float { x == 0 ? 1 : sinf(.pi * x) / (.pi * x) }
}
