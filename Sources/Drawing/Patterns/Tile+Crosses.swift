extension Tile {
  /// Crosses with equal arms, large and small ones by turns.
  static func crosses(unit: Int) -> Tile {
    let side = 6 * unit
    var tile = Tile(width: side, height: side)
    for (centre, arm, thickness) in [(side / 4, unit * 5 / 4, max(1, unit / 2)), (side * 3 / 4, unit * 3 / 4, max(1, unit / 4))] {
      let first = centre - thickness / 2
      let (rest, below) = (first - (centre - arm), first + thickness)
      tile.fill(.rectangle(x: centre - arm, y: first, width: 2 * rest + thickness, height: thickness), opacity: 0.26)
      tile.fill(.rectangle(x: first, y: centre - arm, width: thickness, height: rest), opacity: 0.26)
      tile.fill(.rectangle(x: first, y: below, width: thickness, height: rest), opacity: 0.26)
    }
    return tile
  }
}
