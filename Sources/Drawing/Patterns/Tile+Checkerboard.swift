extension Tile {
  /// A board of squares, with a small square in the middle of each empty one.
  static func checkerboard(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: 2 * side, height: 2 * side)
    for (column, row) in [(0, 0), (1, 1), (0, 1), (1, 0)] {
      let isFull = column == row
      let inset = isFull ? 0 : side * 3 / 8
      let (left, top) = (column * side + inset, row * side + inset)
      tile.fill(.rectangle(x: left, y: top, width: side - 2 * inset, height: side - 2 * inset), opacity: isFull ? 0.17 : 0.2)
    }
    return tile
  }
}
