/// One dimension of a picture's change to another size: the old pixels of which each new pixel is made.
///
/// Uploads and glyphs use different filters. An upload keeps hard edges. A glyph may begin between two pixels, and its edges fade out.
struct Resampling {
  /// The sources of one new pixel.
  struct Part {
    /// The old pixels that count.
    let sources: Range<Int>
    /// The weight of each old pixel. The sum is 1, but less at the edges of a glyph.
    let weights: [Float]

    func sum(of pixels: Span<SIMD4<Float>>) -> SIMD4<Float> {
      var sum = SIMD4<Float>.zero
      for index in weights.indices { sum += pixels[sources.lowerBound + index] * weights[index] }
      return sum
    }
  }

  /// The pixels of the new picture.
  let targets: Range<Int>
  /// The sources of each target.
  let parts: [Part]
}

extension Resampling {
  /// Makes the filter for an upload. In a smaller picture, a new pixel is the mean of the old pixels that it covers, weighted by the
  /// covered area. In a larger picture, it is a mixture of the two nearest old pixels.
  ///
  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) {
    let scale = Float(old) / Float(new)
    targets = 0..<new
    parts = targets.map { pixel in old > new ? Self.cover(pixel, scale, old) : Self.mix(pixel, scale, old) }
  }

  private static func cover(_ pixel: Int, _ scale: Float, _ old: Int) -> Part {
    let (start, end) = (Float(pixel) * scale, min(Float(pixel + 1) * scale, Float(old)))
    let first = min(Int(start), old - 1)
    let sources = first..<max(min(Int(end.rounded(.up)), old), first + 1)
    let covered = sources.map { max(min(Float($0 + 1), end) - max(Float($0), start), 1e-4) }
    let sum = covered.reduce(0, +)
    return Part(sources: sources, weights: covered.map { $0 / sum })
  }

  private static func mix(_ pixel: Int, _ scale: Float, _ old: Int) -> Part {
    guard old > 1 else { return Part(sources: 0..<1, weights: [1]) }
    let centre = min(max((Float(pixel) + 0.5) * scale - 0.5, 0), Float(old - 1))
    let first = min(Int(centre), old - 2)
    return Part(sources: first..<first + 2, weights: [1 - (centre - Float(first)), centre - Float(first)])
  }
}

extension Resampling {
  /// Makes the filter for a glyph. Each new pixel is the mean of the old pixels near it, weighted by a triangle as wide as two new pixels,
  /// or two old pixels if the picture grows.
  ///
  /// - Parameters:
  ///   - start: the left edge of the old picture's first pixel, in new pixels.
  ///   - count: the number of old pixels.
  ///   - scale: new pixels per old pixel.
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
