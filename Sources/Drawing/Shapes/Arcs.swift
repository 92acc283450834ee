import Glibc

/// What two discs of one size have in common, with a tip at either end.
struct Leaf: Shape {
  let rows: ClosedRange<Float>
  let path: VectorPath
  private let discs: (Disc, Disc)

  /// - Parameters:
  ///   - tip, otherTip: the ends.
  ///   - width: across the middle, less than the length.
  init(from tip: SIMD2<Float>, to otherTip: SIMD2<Float>, width: Float) {
    let (way, middle) = (otherTip - tip, (tip + otherTip) / 2)
    let length = (way * way).sum().squareRoot()
    let radius = (length * length + width * width) / (4 * width)
    let across = SIMD2(-way.y, way.x) / length * (radius - width / 2)
    let (one, other) = (middle + across, middle - across)
    discs = (Disc(x: one.x, y: one.y, radius: radius), Disc(x: other.x, y: other.y, radius: radius))
    rows = min(tip.y, otherTip.y) - width / 2...max(tip.y, otherTip.y) + width / 2
    path = .leaf(from: tip, to: otherTip, radius: radius)
  }

  /// Exact along the sides. Beyond a tip, it is the distance from the farther of the two.
  func distance(x: Float, y: Float) -> Float { max(discs.0.distance(x: x, y: y), discs.1.distance(x: x, y: y)) }

  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    guard let one = discs.0.span(y: y, depth: depth), let other = discs.1.span(y: y, depth: depth), one.overlaps(other) else { return nil }
    return one.clamped(to: other)
  }
}

/// A quarter of a circular stroke. Its ends are cut along the rows and columns of pixels, so that another one goes on there without a seam.
struct QuarterRing: Shape {
  let centre: SIMD2<Float>
  /// On which sides of the centre it lies: each is 1 or -1.
  let inwards: SIMD2<Float>
  /// From the centre to the middle of the stroke.
  let radius: Float
  let thickness: Float

  var rows: ClosedRange<Float> {
    let end = centre.y + inwards.y * (radius + thickness / 2)
    return min(centre.y, end)...max(centre.y, end)
  }

  func distance(x: Float, y: Float) -> Float {
    let way = (SIMD2(x, y) - centre) * inwards
    return max(abs((way * way).sum().squareRoot() - radius) - thickness / 2, -way.x, -way.y)
  }

  /// Covers the whole width, because only distances show the hole.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    guard depth < 0 else { return nil }
    let outer = Disc(x: centre.x, y: centre.y, radius: radius + thickness / 2).span(y: y, depth: depth)
    let half = inwards.x > 0 ? centre.x + depth...Float.infinity : -Float.infinity...centre.x - depth
    return outer.map { $0.clamped(to: half) }
  }

  var path: VectorPath { .quarterRing(centre, inwards: inwards, inner: radius - thickness / 2, outer: radius + thickness / 2) }
}

/// A band around the middle of a scale, without what the scales in front of it hide.
///
/// The scales are discs in rows, half a radius apart. Every second row is shifted by a radius, and the lower ones lie in front:
///
/// ```
///      this one
///   front    front      a radius to either side, half a radius below
///       front           a radius below
/// ```
struct ScaleBand: Shape {
  let x: Float
  let y: Float
  /// The radius of all scales.
  let radius: Float
  /// Where the band begins and ends, from the middle.
  let inner: Float
  let outer: Float

  var rows: ClosedRange<Float> { y - outer...y + min(outer, radius / 2) }

  func distance(x: Float, y: Float) -> Float {
    let place = SIMD2(x - self.x, y - self.y)
    let fromMiddle = Self.length(place)
    return Self.front.reduce(max(fromMiddle - outer, inner - fromMiddle)) { max($0, radius - Self.length(place - $1 * radius)) }
  }

  /// Covers the whole disc, because only distances show what is hidden.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? Disc(x: x, y: self.y, radius: outer).span(y: y, depth: depth) : nil
  }

  var path: VectorPath {
    let (outside, inside) = (end(outer), inner > 0 ? end(inner) : SIMD2(Self.leastHidden * radius, 0))
    func point(_ place: SIMD2<Float>) -> String { "\(decimal(x + place.x)) \(decimal(y + place.y))" }
    func arc(_ radius: Float, sweep: Int, to end: SIMD2<Float>) -> String {
      "A\(decimal(radius)) \(decimal(radius)) 0 0 \(sweep) \(point(end))"
    }
    let mirrored: SIMD2<Float> = [-1, 1]
    let back = inner > 0 ? arc(inner, sweep: 0, to: inside * mirrored) : "L\(point(inside * mirrored))"
    return VectorPath(
      data: "M\(point(outside * mirrored))\(arc(outer, sweep: 1, to: outside))\(arc(radius, sweep: 0, to: inside))\(back)"
        + "\(arc(radius, sweep: 0, to: outside * mirrored))Z")
  }

  /// Where a circle around the middle meets the scale in front on the right, from the middle.
  private func end(_ distance: Float) -> SIMD2<Float> {
    let (centre, share) = (Self.front[1], distance / radius)
    let away = (centre * centre).sum().squareRoot()
    let angle = atan2f(centre.y, centre.x) - acosf((share * share + away * away - 1) / (2 * share * away))
    return SIMD2(cosf(angle), sinf(angle)) * distance
  }

  /// The middles of the scales in front, in radii.
  private static let front: [SIMD2<Float>] = [SIMD2(-1, 0.5), SIMD2(1, 0.5), SIMD2(0, 1)]
  /// How far they are from the middle on either side, in radii.
  private static let leastHidden = 1 - Float(0.75).squareRoot()

  private static func length(_ way: SIMD2<Float>) -> Float { (way * way).sum().squareRoot() }
}
