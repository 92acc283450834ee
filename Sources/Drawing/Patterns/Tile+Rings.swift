extension Tile {
  /// Targets: a ring around a disc, and a dot in the gaps between four of them.
  static func rings(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, em) = (Float(side) / 2, Float(unit))
    tile.fill(Ring(x: centre, y: centre, radius: em * 3, thickness: em * 0.8), opacity: 0.2)
    tile.fill(Disc(x: centre, y: centre, radius: em * 1.3), opacity: 0.26)
    tile.fill(Disc(x: 0, y: 0, radius: em * 0.7), opacity: 0.26)
    return tile
  }
}
