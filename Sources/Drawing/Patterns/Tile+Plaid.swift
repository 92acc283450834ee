extension Tile {
  /// Tartan: broad bands with a fine line between them, across and down, denser where they cross.
  static func plaid(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (start, thickness, opacity) in [(0, 3 * unit, Float(0.13)), (unit * 11 / 2, max(1, unit / 5), 0.22)] {
      tile.fill(.rectangle(x: 0, y: start, width: side, height: thickness), opacity: opacity)
      tile.fill(.rectangle(x: start, y: 0, width: thickness, height: side), opacity: opacity)
    }
    return tile
  }
}
