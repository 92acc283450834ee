extension Tile {
  /// Frames around squares, the corners of which touch those of smaller squares.
  static func squares(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (inset, opacity): (Int, Float) in [(unit, 0.1), (unit * 2, 0.12), (unit * 3, 0.16)] {
      tile.fill(.rectangle(x: inset, y: inset, width: side - 2 * inset, height: side - 2 * inset), opacity: opacity)
    }
    tile.fill(.rectangle(x: -unit, y: -unit, width: 2 * unit, height: 2 * unit), opacity: 0.24)
    return tile
  }
}
