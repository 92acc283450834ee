extension Tile {
  /// Circles that overlap their neighbours in petals, each with a smaller one inside.
  static func circles(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, radius) = (Float(side) / 2, Float(side) * Float(0.5).squareRoot())
    tile.fill(Disc(x: centre, y: centre, radius: radius), opacity: 0.14)
    tile.fill(Disc(x: centre, y: centre, radius: radius * 0.4), opacity: 0.18, isJoined: true)
    return tile
  }

  /// Large dots with small ones between them.
  static func dots(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: side, height: side)
    let centre = Float(side) / 2
    tile.fill(Disc(x: centre, y: centre, radius: Float(side) * 0.18), opacity: 0.24)
    tile.fill(Disc(x: 0, y: 0, radius: Float(side) * 0.08), opacity: 0.3)
    return tile
  }

  /// Targets: a ring around a disc, and a dot in the gaps between four of them.
  static func rings(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, em) = (Float(side) / 2, Float(unit))
    tile.fill(Ring(x: centre, y: centre, radius: em * 3, thickness: em * 0.8), opacity: 0.2)
    tile.fill(Disc(x: centre, y: centre, radius: em * 1.3), opacity: 0.26, isJoined: true)
    tile.fill(Disc(x: 0, y: 0, radius: em * 0.7), opacity: 0.26)
    return tile
  }
}
