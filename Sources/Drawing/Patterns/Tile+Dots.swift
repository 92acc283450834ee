extension Tile {
  /// Large dots with small ones between them.
  static func dots(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: side, height: side)
    let centre = Float(side) / 2
    tile.fill(Disc(x: centre, y: centre, radius: Float(side) * 0.18), opacity: 0.24)
    tile.fill(Disc(x: 0, y: 0, radius: Float(side) * 0.08), opacity: 0.3)
    return tile
  }
}
