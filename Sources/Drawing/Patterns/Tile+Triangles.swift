extension Tile {
  /// Equilateral triangles edge to edge, in three shades; every second row is half a triangle further on.
  static func triangles(unit: Int) -> Tile {
    let side = Float(4 * unit)
    let height = Int((side * Float(0.75).squareRoot()).rounded())
    var tile = Tile(width: 4 * unit, height: 2 * height)
    for row in 0..<2 {
      let (top, bottom) = (Float(row * height), Float((row + 1) * height))
      let left = row == 0 ? 0 : side / 2
      tile.fill(Triangle(base: left...left + side, baseRow: bottom, tipRow: top), opacity: row == 0 ? 0.26 : 0.16)
      tile.fill(Triangle(base: left - side / 2...left + side / 2, baseRow: top, tipRow: bottom), opacity: row == 0 ? 0.08 : 0)
    }
    return tile
  }
}
