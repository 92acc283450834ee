extension Tile {
  /// Graph paper: fine lines, and a stronger one every fourth.
  static func grid(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: side, height: side)
    let thickness = Float(max(1, unit / 24))
    for line in 0..<4 {
      let isStrong = line == 0
      let half = isStrong ? thickness : thickness / 2
      let middle = Float(line * unit)
      let across = RoundedRectangle(columns: 0...Float(side), rows: middle - half...middle + half, radius: 0)
      let down = RoundedRectangle(columns: middle - half...middle + half, rows: 0...Float(side), radius: 0)
      tile.fill(across, opacity: isStrong ? 0.34 : 0.2)
      tile.fill(down, opacity: isStrong ? 0.34 : 0.2)
    }
    return tile
  }
}
