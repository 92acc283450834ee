import Glibc

/// One dimension of a picture's change to another size: which old pixels a new pixel is made of, and how much each of them counts. A
/// ``ResamplingFilter`` is made from it, once for each size, so that the loops need no kernel.
///
/// There are three, because a picture that is enlarged, an upload that is drawn and a glyph want different things of their edges.
protocol ResamplingKernel {
  /// The old pixels that the loops add up at once, 6 at most: about as many as a pixel of a larger picture has.
  static var groupSize: Int { get }
  /// Whether the loops add a product to a sum without rounding it first, which is more accurate and saves an instruction. A build for any
  /// x86-64 processor calls `fmaf` for each product instead.
  static var isFused: Bool { get }
  /// Whether pixels beyond the edges count as transparent ones. If not, the pixels that are there share their weights.
  static var fadesOut: Bool { get }

  /// The number of old pixels.
  var sourceCount: Int { get }
  /// The new pixels.
  var targets: Range<Int> { get }
  /// The old pixels that a new one is made of. Some may be beyond the edges.
  func sources(of target: Int) -> Range<Int>
  /// The weight of one of them, in proportion to those of the others.
  func weight(of source: Int, in target: Int) -> Float
}

/// Lanczos' kernel with three lobes, for upscales and fitted pictures. It keeps edges sharp in a larger picture and details apart in a
/// smaller one. Each new pixel is the mean of six old pixels, or, in a smaller picture, of as many as six new pixels cover. Some weights
/// are negative, so a mean may be outside the range of the old pixels.
///
/// The definition: <https://en.wikipedia.org/wiki/Lanczos_resampling>. Which pixels count is decided as in Pillow, to be comparable.
struct LanczosKernel: ResamplingKernel {
  static var groupSize: Int { 6 }
  static var isFused: Bool { true }
  static var fadesOut: Bool { false }

  let sourceCount: Int
  let targets: Range<Int>
  private let scale: Double
  /// How much wider the kernel is than in a larger picture.
  private let stretch: Double

  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) {
    (sourceCount, targets, scale) = (old, 0..<new, Double(old) / Double(new))
    stretch = max(scale, 1)
  }

  func sources(of target: Int) -> Range<Int> {
    let (centre, radius) = (centre(of: target), 3 * stretch)
    return Int((centre - radius + 0.5).rounded(.down))..<Int((centre + radius + 0.5).rounded(.down))
  }

  func weight(of source: Int, in target: Int) -> Float {
    let distance = (Float(source) + 0.5 - Float(centre(of: target))) / Float(stretch)
    return abs(distance) < 3 ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
  }

  private func centre(of target: Int) -> Double { (Double(target) + 0.5) * scale }

  private static func sinc(_ x: Float) -> Float { x == 0 ? 1 : sinf(.pi * x) / (.pi * x) }
}

/// The kernel for uploads in edits and variations. In a smaller picture, a new pixel is the mean of the old pixels that it covers, weighted
/// by the covered area. In a larger picture, it is a mixture of the two nearest old pixels.
struct AreaKernel: ResamplingKernel {
  static var groupSize: Int { 2 }
  static var isFused: Bool { false }
  static var fadesOut: Bool { false }

  let sourceCount: Int
  let targets: Range<Int>
  private let scale: Float

  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) { (sourceCount, targets, scale) = (old, 0..<new, Float(old) / Float(new)) }

  func sources(of target: Int) -> Range<Int> {
    guard scale > 1 else {
      let first = first(near: centre(of: target))
      return first..<first + 2
    }
    let (start, end) = edges(of: target)
    let first = min(Int(start), sourceCount - 1)
    return first..<max(min(Int(end.rounded(.up)), sourceCount), first + 1)
  }

  func weight(of source: Int, in target: Int) -> Float {
    guard scale > 1 else {
      let centre = centre(of: target)
      let first = first(near: centre)
      let share = centre - Float(first)
      return source > first ? share : 1 - share
    }
    let (start, end) = edges(of: target)
    // Rounding may leave nothing of the only pixel.
    return max(min(Float(source + 1), end) - max(Float(source), start), 1e-4)
  }

  /// The edges of a new pixel, in old pixels.
  private func edges(of target: Int) -> (start: Float, end: Float) {
    (Float(target) * scale, min(Float(target + 1) * scale, Float(sourceCount)))
  }

  /// The centre of a new pixel, in old pixels from the centre of the first one. The last pixels are repeated at the edges.
  private func centre(of target: Int) -> Float { min(max((Float(target) + 0.5) * scale - 0.5, 0), Float(sourceCount - 1)) }

  /// The first of the two old pixels around a centre.
  private func first(near centre: Float) -> Int { max(min(Int(centre), sourceCount - 2), 0) }
}

/// The kernel for glyphs that are pictures. Each new pixel is the mean of the old pixels near it, weighted by a triangle as wide as two new
/// pixels, or two old pixels if the glyph grows. A glyph may begin between two pixels, and its edges fade out.
struct TriangleKernel: ResamplingKernel {
  static var groupSize: Int { 2 }
  static var isFused: Bool { false }
  static var fadesOut: Bool { true }

  let sourceCount: Int
  let targets: Range<Int>
  private let start: Float
  private let scale: Float
  private let radius: Float

  /// - Parameters:
  ///   - start: the left edge of the old picture's first pixel, in new pixels.
  ///   - count: the number of old pixels.
  ///   - scale: new pixels per old pixel.
  init(start: Float, count: Int, scale: Float) {
    (self.start, sourceCount, self.scale, radius) = (start, count, scale, max(1, 1 / scale))
    let margin = scale > 1 ? scale / 2 : 0.5
    targets = Int((start - margin).rounded(.down))..<Int((start + Float(count) * scale + margin).rounded(.up))
  }

  func sources(of target: Int) -> Range<Int> {
    let centre = centre(of: target)
    return Int((centre - radius).rounded(.down))..<Int((centre + radius).rounded(.up))
  }

  func weight(of source: Int, in target: Int) -> Float { max(0, 1 - abs(Float(source) + 0.5 - centre(of: target)) / radius) }

  private func centre(of target: Int) -> Float { (Float(target) + 0.5 - start) / scale }
}
