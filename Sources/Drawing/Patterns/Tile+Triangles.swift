extension Tile {
  /// Equilateral triangles in four shades, tips up; every second row is half a triangle further on.
  static func triangles(unit: Int) -> Tile {
    let side = Float(4 * unit)
    let height = Int((side * Float(0.75).squareRoot()).rounded())
    var tile = Tile(width: 8 * unit, height: 2 * height)
    for (column, row, opacity): (Float, Int, Float) in [(0, 0, 0.26), (1, 0, 0.14), (0.5, 1, 0.2), (1.5, 1, 0.09)] {
      let base = column * side...(column + 1) * side
      tile.fill(Triangle(base: base, baseRow: Float((row + 1) * height), tipRow: Float(row * height)), opacity: opacity)
    }
    return tile
  }
}
