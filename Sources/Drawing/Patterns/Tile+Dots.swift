extension Tile {
  /// Large dots with small ones between them.
  static func dots(unit: Int) -> Tile {
    let side = 2 * unit
    var tile = Tile(width: side, height: side)
    let centre = Float(side) / 2
    tile.fill(Disc(x: centre, y: centre, radius: Float(side) * 0.17), opacity: 0.26)
    tile.fill(Disc(x: 0, y: 0, radius: Float(side) * 0.07), opacity: 0.26)
    return tile
  }
}
