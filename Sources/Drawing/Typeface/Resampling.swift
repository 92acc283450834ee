/// One dimension of a picture's way to another size: each new pixel is the mean of the old ones near it, weighted by a triangle that is as
/// wide as two new pixels, or two old ones where the picture grows.
struct Resampling {
  /// The pixels of the new picture.
  let targets: Range<Int>
  /// For each, the old pixels that it is made of and how much of each. The weights are less than 1 together at the picture's edges.
  private let taps: [(sources: Range<Int>, weights: [Float])]

  /// - Parameters:
  ///   - start: where the old picture's first pixel begins, in new pixels.
  ///   - count: of old pixels.
  ///   - scale: new pixels an old one.
  init(start: Float, count: Int, scale: Float) {
    let radius = max(1, 1 / scale)
    let margin = scale > 1 ? scale / 2 : 0.5
    targets = Int((start - margin).rounded(.down))..<Int((start + Float(count) * scale + margin).rounded(.up))
    taps = targets.map { target in
      let centre = (Float(target) + 0.5 - start) / scale
      let reach = Int((centre - radius).rounded(.down))..<Int((centre + radius).rounded(.up))
      let weights = reach.map { max(0, 1 - abs(Float($0) + 0.5 - centre) / radius) }
      let sum = weights.reduce(0, +)
      let sources = reach.clamped(to: 0..<count)
      return (sources, sources.map { weights[$0 - reach.lowerBound] / sum })
    }
  }

  /// The new pixels, given the old ones.
  func resample(_ source: (Int) -> SIMD4<Float>) -> [SIMD4<Float>] {
    taps.map { tap in
      zip(tap.sources, tap.weights).reduce(into: SIMD4<Float>.zero) { sum, pair in sum += source(pair.0) * pair.1 }
    }
  }
}
