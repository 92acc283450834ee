/// One dimension of a picture's way to another size: each new pixel is the mean of the old ones near it, weighted by a triangle that is as
/// wide as two new pixels, or two old ones where the picture grows.
struct Resampling {
  /// The pixels of the new picture.
  let targets: Range<Int>
  /// The old pixels that each of them is made of.
  private var sources: [Range<Int>] = []
  /// How much of each of those, one target's after the other's. They are less than 1 together at the picture's edges.
  private var weights: [Float] = []

  /// - Parameters:
  ///   - start: where the old picture's first pixel begins, in new pixels.
  ///   - count: of old pixels.
  ///   - scale: new pixels an old one.
  init(start: Float, count: Int, scale: Float) {
    let radius = max(1, 1 / scale)
    let margin = scale > 1 ? scale / 2 : 0.5
    targets = Int((start - margin).rounded(.down))..<Int((start + Float(count) * scale + margin).rounded(.up))
    for target in targets {
      let centre = (Float(target) + 0.5 - start) / scale
      let reach = Int((centre - radius).rounded(.down))..<Int((centre + radius).rounded(.up))
      let weight = { (source: Int) in max(0, 1 - abs(Float(source) + 0.5 - centre) / radius) }
      let sum = reach.reduce(0) { $0 + weight($1) }
      sources.append(reach.clamped(to: 0..<count))
      weights += sources[sources.count - 1].map { weight($0) / sum }
    }
  }

  /// The new pixels.
  ///
  /// - Parameters:
  ///   - pixels: old ones, and whatever lies around them.
  ///   - start: where the first of them is.
  ///   - stride: from each to the next.
  func resample(_ pixels: Span<SIMD4<Float>>, start: Int, stride: Int, _ body: (_ index: Int, _ pixel: SIMD4<Float>) -> Void) {
    var weight = 0
    for index in sources.indices {
      var sum = SIMD4<Float>.zero
      for source in sources[index] {
        sum += pixels[start + source * stride] * weights[weight]
        weight += 1
      }
      body(index, sum)
    }
  }
}
