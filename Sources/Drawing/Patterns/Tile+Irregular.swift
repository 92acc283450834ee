import Glibc
import Hashing

/// Patterns without a visible order. Their places are the numbers of a generator, the same in every tile.
extension Tile {
  /// Ribbons that wind at random and close to loops, with a fine line along each side.
  ///
  /// Each square of a grid has two quarters of rings, around two opposite corners (Smith's variant of Truchet's tiles).
  static func loops(unit: Int) -> Tile {
    let (squares, side) = (4, 4 * unit)
    var tile = Tile(width: squares * side, height: squares * side)
    for (index, isRising) in turns.enumerated() {
      let corner = SIMD2(Float(index % squares * side), Float(index / squares * side))
      for isLower in [false, true] {
        let (x, y): (Float, Float) = (isLower == isRising ? 0 : 1, isLower ? 1 : 0)
        let (centre, inwards) = (corner + SIMD2(x, y) * Float(side), SIMD2(1 - 2 * x, 1 - 2 * y))
        for (place, thickness, opacity): (Float, Float, Float) in [(2, 1, 0.22), (2.8, 0.16, 0.26), (1.2, 0.16, 0.26)] {
          tile.fill(
            QuarterRing(centre: centre, inwards: inwards, radius: place * Float(unit), thickness: thickness * Float(unit)),
            opacity: opacity, isJoined: place != 2)
        }
      }
    }
    return tile
  }

  /// For each square, row by row, whether its ribbons turn around the lower left and the upper right corner. Others turn around the other
  /// two.
  private static let turns: [Bool] = [1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0].map { $0 == 1 }

  /// Low hills of triangles, lit from the upper left.
  static func facets(unit: Int) -> Tile {
    var tile = Tile(width: 20 * unit, height: 20 * unit)
    for (corners, opacity) in triangles {
      tile.fill(ConvexPolygon(corners: corners.map { $0 * Float(unit) }, cutsTips: true), opacity: opacity)
    }
    return tile
  }

  /// Corners in units, clockwise, and opacities.
  private static let triangles: [(corners: [SIMD2<Float>], opacity: Float)] = {
    let (squares, side) = (5, Float(4))
    var random = SplitMix64(seed: 12)
    let points = (0..<squares * squares).map { index in
      let shift = SIMD2(random.share(), random.share()) - 0.5
      let place = (SIMD2(Float(index % squares), Float(index / squares)) + 0.5 * shift) * side
      return SIMD3(place.x, place.y, random.share() * 3)
    }
    func point(_ x: Int, _ y: Int) -> SIMD3<Float> {
      let turn = SIMD3(Float(x / squares), Float(y / squares), 0) * side * Float(squares)
      return points[y % squares * squares + x % squares] + turn
    }
    return (0..<squares * squares).flatMap { index in
      let (x, y) = (index % squares, index / squares)
      let (a, b, c, d) = (point(x, y), point(x + 1, y), point(x + 1, y + 1), point(x, y + 1))
      return (x + y).isMultiple(of: 2) ? [[a, b, c], [a, c, d]] : [[a, b, d], [b, c, d]]
    }.map { corners in (corners.map { SIMD2($0.x, $0.y) }, 0.04 + 0.36 * shade(of: corners)) }
  }()

  /// How little light falls on a triangle, 0 to 1.
  private static func shade(of corners: [SIMD3<Float>]) -> Float {
    let (one, other) = (corners[1] - corners[0], corners[2] - corners[0])
    let normal = SIMD3(
      one.y * other.z - one.z * other.y, one.z * other.x - one.x * other.z, one.x * other.y - one.y * other.x)
    let light = SIMD3<Float>(-0.5, -0.62, 0.6)
    return 1 - min(max((normal * light).sum() / (normal * normal).sum().squareRoot(), 0), 1)
  }

  /// Terrazzo: chips of stone of all sizes.
  static func terrazzo(unit: Int) -> Tile {
    var tile = Tile(width: 16 * unit, height: 16 * unit)
    for (corners, opacity) in chips {
      tile.fill(ConvexPolygon(corners: corners.map { $0 * Float(unit) }), opacity: opacity)
    }
    return tile
  }

  /// Corners in units, clockwise, and opacities. Each chip is at a place, found by trial, where it touches no other one.
  private static let chips: [(corners: [SIMD2<Float>], opacity: Float)] = {
    let side: Float = 16
    var random = SplitMix64(seed: 7)
    var places: [(middle: SIMD2<Float>, radius: Float)] = []
    for (radius, trials): (Float, Int) in [(1.75, 12), (1.2, 40), (0.75, 120), (0.4, 200)] {
      for _ in 0..<trials {
        let middle = SIMD2(random.share(), random.share()) * side
        let isFree = places.allSatisfy { place in
          var way = place.middle - middle
          way -= side * (way / side).rounded(.toNearestOrEven)
          return (way * way).sum().squareRoot() > place.radius + radius + 0.25
        }
        if isFree { places.append((middle, radius)) }
      }
    }
    return places.map { middle, radius in
      let (count, turn, narrowing) = (4 + random.next(below: 3), 2 * Float.pi * random.share(), 0.6 + 0.4 * random.share())
      let tilt = Float.pi * random.share()
      // All corners lie on an ellipse, so there are no dents.
      let corners = (0..<count).map { corner in
        let angle = turn + 2 * Float.pi * (Float(corner) + 0.6 * random.share()) / Float(count)
        let (x, y) = (radius * cosf(angle), radius * narrowing * sinf(angle))
        return middle + SIMD2(x * cosf(tilt) - y * sinf(tilt), x * sinf(tilt) + y * cosf(tilt))
      }
      return (corners, [0.13, 0.2, 0.28][random.next(below: 3)])
    }
  }()
}

extension SplitMix64 {
  /// A number from 0 to less than 1.
  fileprivate mutating func share() -> Float { Float(next() >> 40) / Float(1 << 24) }
}
