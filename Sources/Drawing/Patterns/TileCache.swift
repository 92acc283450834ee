/// Tiles that were drawn before, for pictures of one size: drawing one costs as much as covering a picture with it.
struct TileCache {
  private var tiles: [Pattern: Tile] = [:]
  private var unit = 0

  /// The tile of a pattern, drawn if need be; those of another unit are dropped.
  mutating func tile(_ pattern: Pattern, unit: Int) -> Tile {
    if unit != self.unit {
      tiles.removeAll(keepingCapacity: true)
      self.unit = unit
    }
    if let tile = tiles[pattern] { return tile }
    let tile = pattern.tile(unit: unit)
    tiles[pattern] = tile
    return tile
  }
}
