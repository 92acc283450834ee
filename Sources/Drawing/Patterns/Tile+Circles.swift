extension Tile {
  /// Circles that overlap their neighbours in petals, each with a smaller one inside.
  static func circles(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, radius) = (Float(side) / 2, Float(side) * Float(0.5).squareRoot())
    tile.fill(Disc(x: centre, y: centre, radius: radius), opacity: 0.14)
    tile.fill(Disc(x: centre, y: centre, radius: radius * 0.4), opacity: 0.18)
    return tile
  }
}
