extension Tile {
  /// Upright stripes: a broad one with a fine one at each side.
  static func stripes(unit: Int) -> Tile {
    var tile = Tile(width: 8 * unit, height: 1)
    let fine = max(1, unit / 3)
    for (start, width, opacity) in [(unit, fine, Float(0.24)), (2 * unit, 4 * unit, 0.16), (7 * unit - fine, fine, 0.24)] {
      tile.fill(.rectangle(x: start, y: 0, width: width, height: 1), opacity: opacity)
    }
    return tile
  }
}
