extension Tile {
  /// Bricks in running bond, in four shades.
  static func bricks(unit: Int) -> Tile {
    let (width, height, gap) = (8 * unit, 4 * unit, Float(unit) * 0.28)
    var tile = Tile(width: 2 * width, height: 2 * height)
    for (column, row, opacity): (Float, Float, Float) in [(0, 0, 0.2), (1, 0, 0.12), (0.5, 1, 0.15), (1.5, 1, 0.22)] {
      let (left, top) = (column * Float(width), row * Float(height))
      let brick = RoundedRectangle(
        columns: left + gap...left + Float(width) - gap, rows: top + gap...top + Float(height) - gap, radius: Float(unit) * 0.4)
      tile.fill(brick, opacity: opacity)
    }
    return tile
  }
}
