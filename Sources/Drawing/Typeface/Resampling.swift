/// One dimension of a picture's way to another size: each new pixel is the mean of the old ones near it, weighted by a triangle that is as
/// wide as two new pixels, or two old ones where the picture grows.
struct Resampling {
  /// What a new pixel is made of.
  struct Part {
    /// Old pixels.
    let sources: Range<Int>
    /// How much of each of those. They are less than 1 together at the picture's edges.
    let weights: [Float]

    func sum(of pixels: Span<SIMD4<Float>>) -> SIMD4<Float> {
      var sum = SIMD4<Float>.zero
      for index in weights.indices { sum += pixels[sources.lowerBound + index] * weights[index] }
      return sum
    }
  }

  /// The pixels of the new picture.
  let targets: Range<Int>
  /// For each of them.
  let parts: [Part]

  /// - Parameters:
  ///   - start: where the old picture's first pixel begins, in new pixels.
  ///   - count: of old pixels.
  ///   - scale: new pixels an old one.
  init(start: Float, count: Int, scale: Float) {
    let radius = max(1, 1 / scale)
    let margin = scale > 1 ? scale / 2 : 0.5
    targets = Int((start - margin).rounded(.down))..<Int((start + Float(count) * scale + margin).rounded(.up))
    parts = targets.map { target in
      let centre = (Float(target) + 0.5 - start) / scale
      let reach = Int((centre - radius).rounded(.down))..<Int((centre + radius).rounded(.up))
      let weight = { (source: Int) in max(0, 1 - abs(Float(source) + 0.5 - centre) / radius) }
      let sum = reach.reduce(0) { $0 + weight($1) }
      let sources = reach.clamped(to: 0..<count)
      return Part(sources: sources, weights: sources.map { weight($0) / sum })
    }
  }
}
