extension Tile {
  /// Basketwork: bundles of three straws, level and upright by turns.
  static func weave(unit: Int) -> Tile {
    let bundle = 6 * unit
    var tile = Tile(width: 2 * bundle, height: 2 * bundle)
    let gap = max(1, unit / 6)
    for straw in 0..<3 {
      let (place, thickness, length) = (straw * 2 * unit + gap, 2 * (unit - gap), bundle - 2 * gap)
      let opacity: Float = straw == 1 ? 0.24 : 0.15
      for (x, y) in [(0, 0), (bundle, bundle)] {
        tile.fill(.rectangle(x: x + gap, y: y + place, width: length, height: thickness), opacity: opacity)
        tile.fill(.rectangle(x: bundle - x + place, y: y + gap, width: thickness, height: length), opacity: opacity)
      }
    }
    return tile
  }
}
