extension Tile {
  /// Cubes that stand on each other, seen from above: three faces of each, lit from the upper right.
  ///
  /// Sides rise by one pixel in two, as in drawings made pixel by pixel: rows then repeat each other, shifted.
  static func cubes(unit: Int) -> Tile {
    let side = Float(8 * unit)
    var tile = Tile(width: 8 * unit, height: 12 * unit)
    for (x, y) in [(Float(0), Float(0)), (side / 2, side * 0.75)] {
      func corner(_ across: Float, _ down: Float) -> SIMD2<Float> { SIMD2(x + across * side, y + down * side) }
      let (top, left, right, middle) = (corner(0.5, 0), corner(0, 0.25), corner(1, 0.25), corner(0.5, 0.5))
      let (lowerLeft, bottom, lowerRight) = (corner(0, 0.75), corner(0.5, 1), corner(1, 0.75))
      tile.fill(ConvexPolygon(top, right, middle, left), opacity: 0.26)
      tile.fill(ConvexPolygon(right, lowerRight, bottom, middle), opacity: 0.15)
      tile.fill(ConvexPolygon(left, middle, bottom, lowerLeft), opacity: 0.05)
    }
    return tile
  }
}
