extension Canvas {
  /// Lays a tile over the whole picture again and again, one of its corners in the centre so that opposite edges look alike.
  ///
  /// Each row of the tile is spread to a canvas row's length once and then laid on every row where it repeats.
  mutating func cover(with tile: Tile, ink: Ink) {
    let (left, top) = (size.width / 2 % tile.width, size.height / 2 % tile.height)
    var mask = [UInt8](repeating: 0, count: 3 * size.width)
    for first in band.prefix(tile.height) {
      let row = (first + tile.height - top) % tile.height
      guard tile.spread(row: row, startingAt: (tile.width - left) % tile.width, over: &mask) else { continue }
      for y in Swift.stride(from: first, to: band.upperBound, by: tile.height) {
        let target = offset(x: 0, y: y)
        withMutableRows { rows in rows.blend(ink.level, through: mask.span, at: target) }
      }
    }
  }
}

extension Tile {
  /// Repeats a row of the tile, each amount three times for red, green and blue.
  ///
  /// - Returns: whether there is any ink in the row; if not, the mask is unchanged.
  fileprivate func spread(row: Int, startingAt first: Int, over mask: inout [UInt8]) -> Bool {
    let (start, amounts) = (row * width, amounts.span)
    guard amounts.largest(of: start..<start + width) > 0 else { return false }
    let once = min(width, mask.count / 3)
    let beforeEdge = min(width - first, once)
    var bytes = mask.mutableSpan
    bytes.triple(amounts.extracting(start + first..<start + first + beforeEdge), at: 0)
    bytes.triple(amounts.extracting(start..<start + once - beforeEdge), at: 3 * beforeEdge)
    var filled = 3 * once
    while filled < bytes.count {
      let more = min(filled, bytes.count - filled)
      bytes.copy(from: 0, to: filled, count: more)
      filled += more
    }
    return true
  }
}
