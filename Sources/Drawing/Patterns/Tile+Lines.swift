extension Tile {
  /// Slanting stripes: a broad one between two fine ones.
  static func lines(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (place, thickness, opacity): (Float, Float, Float) in [(0.5, 0.24, 0.16), (0.86, 0.035, 0.24), (0.14, 0.035, 0.24)] {
      tile.fill(Stripe(x: Float(side) * place, height: side, thickness: Float(side) * thickness), opacity: opacity)
    }
    return tile
  }
}
