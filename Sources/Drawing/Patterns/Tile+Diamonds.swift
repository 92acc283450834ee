extension Tile {
  /// Diamonds that touch at their corners, each with a small one inside.
  static func diamonds(unit: Int) -> Tile {
    let (half, depth) = (Float(3 * unit), Float(6 * unit))
    var tile = Tile(width: 6 * unit, height: 12 * unit)
    for (share, opacity): (Float, Float) in [(1, 0.16), (0.36, 0.2)] {
      let (across, down) = (half * share, depth * share)
      let diamond = ConvexPolygon(
        SIMD2(half, depth - down), SIMD2(half + across, depth), SIMD2(half, depth + down), SIMD2(half - across, depth))
      tile.fill(diamond, opacity: opacity)
    }
    return tile
  }
}
