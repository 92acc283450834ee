extension Tile {
  /// Triangles in four shades, tips up; every second row is half a triangle further on.
  ///
  /// As high as wide, which looks equilateral: their sides fall by two pixels in one, so that rows repeat each other, shifted.
  static func triangles(unit: Int) -> Tile {
    let side = 6 * unit
    var tile = Tile(width: 2 * side, height: 2 * side)
    for (column, row, opacity): (Float, Int, Float) in [(0, 0, 0.26), (1, 0, 0.14), (0.5, 1, 0.2), (1.5, 1, 0.09)] {
      let (left, top) = (column * Float(side), Float(row * side))
      let (right, bottom) = (left + Float(side), top + Float(side))
      tile.fill(
        ConvexPolygon(SIMD2((left + right) / 2, top), SIMD2(right, bottom), SIMD2(left, bottom)), opacity: opacity)
    }
    return tile
  }
}
