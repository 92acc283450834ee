extension Tile {
  /// Crosses with equal arms, large and small ones by turns.
  static func crosses(unit: Int) -> Tile {
    let side = 6 * unit
    var tile = Tile(width: side, height: side)
    for (centre, arm, thickness, opacity) in [
      (side / 4, unit * 5 / 4, unit / 2, Float(0.26)), (side * 3 / 4, unit * 3 / 4, unit / 4, 0.26),
    ] {
      let (long, thin) = (2 * arm, 2 * (thickness / 2))
      tile.fill(.rectangle(x: centre - arm, y: centre - thin / 2, width: long, height: thin), opacity: opacity)
      let rest = arm - thin / 2
      tile.fill(.rectangle(x: centre - thin / 2, y: centre - arm, width: thin, height: rest), opacity: opacity)
      tile.fill(.rectangle(x: centre - thin / 2, y: centre + thin / 2, width: thin, height: rest), opacity: opacity)
    }
    return tile
  }
}
