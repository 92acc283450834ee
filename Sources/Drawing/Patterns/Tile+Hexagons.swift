extension Tile {
  /// A honeycomb in four shades.
  static func hexagons(unit: Int) -> Tile {
    let side = Float(6 * unit)
    var tile = Tile(width: 12 * unit, height: 9 * unit)
    for (column, row, opacity): (Float, Float, Float) in [(0, 0, 0.2), (1, 0, 0.1), (0.5, 1, 0.25), (1.5, 1, 0.14)] {
      let (x, y, gap) = (column * side, row * side * 0.75, Float(unit) * 0.14)
      func corner(_ across: Float, _ down: Float) -> SIMD2<Float> { SIMD2(x + across * side, y + down * side) }
      let inset = SIMD2(gap, 0)
      tile.fill(
        ConvexPolygon(
          corner(0.5, 0) + SIMD2(0, gap), corner(1, 0.25) - inset, corner(1, 0.75) - inset, corner(0.5, 1) - SIMD2(0, gap),
          corner(0, 0.75) + inset, corner(0, 0.25) + inset),
        opacity: opacity)
    }
    return tile
  }
}
