extension Tile {
  /// Broad and fine waves by turns.
  static func waves(unit: Int) -> Tile {
    var tile = Tile(width: 8 * unit, height: 6 * unit)
    let spacing = Float(tile.height)
    for (place, thickness, opacity): (Float, Float, Float) in [(0.3, 0.3, 0.2), (0.78, 0.07, 0.26)] {
      let wave = Wave(y: spacing * place, amplitude: spacing * 0.2, length: tile.width, thickness: spacing * thickness)
      tile.fill(wave, opacity: opacity)
    }
    return tile
  }
}
