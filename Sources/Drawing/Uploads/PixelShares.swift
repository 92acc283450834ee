/// One dimension of a picture's way to another size: of which old pixels each new one is made. Shrunk, it is the mean of those that it
/// covers, each as far as it is covered; grown, a mixture of the two nearest ones.
struct PixelShares {
  /// The first old pixel of each new one.
  private(set) var first: [Int] = []
  /// How much of that pixel and of those that follow it; 1 together.
  private(set) var weights: [[Float]] = []

  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) {
    let scale = Float(old) / Float(new)
    for pixel in 0..<new { if old > new { cover(pixel, scale, old) } else { mix(pixel, scale, old) } }
  }

  private mutating func cover(_ pixel: Int, _ scale: Float, _ old: Int) {
    let (start, end) = (Float(pixel) * scale, min(Float(pixel + 1) * scale, Float(old)))
    let reach = min(Int(start), old - 1)..<max(min(Int(end.rounded(.up)), old), min(Int(start), old - 1) + 1)
    first.append(reach.lowerBound)
    let covered = reach.map { max(min(Float($0 + 1), end) - max(Float($0), start), 1e-4) }
    let sum = covered.reduce(0, +)
    weights.append(covered.map { $0 / sum })
  }

  private mutating func mix(_ pixel: Int, _ scale: Float, _ old: Int) {
    let centre = min(max((Float(pixel) + 0.5) * scale - 0.5, 0), Float(old - 1))
    let start = min(Int(centre), max(old - 2, 0))
    first.append(start)
    weights.append(old == 1 ? [1] : [1 - (centre - Float(start)), centre - Float(start)])
  }
}
