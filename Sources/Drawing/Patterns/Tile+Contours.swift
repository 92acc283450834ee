extension Tile {
  /// A hiker's map: contour lines around hills and hollows, every third a stronger one.
  static func contours(unit: Int) -> Tile {
    let side = 16 * unit
    var tile = Tile(width: side, height: side)
    let map = HeightMap(width: side, height: side, waves: hills)
    tile.draw(
      [(2, 0.1, 0.24), (6, 0.2, 0.2)].map { (interval: Int, thickness: Float, opacity: Float) in
        ContourLines(map: map, interval: interval, thickness: max(thickness * Float(unit), 0.8), opacity: opacity)
      })
    return tile
  }

  /// The first lifts all of it, so that no pass is as high as a line, where lines would meet.
  private static let hills = [
    HeightMap.Wave(across: 0, down: 0, height: 1.29, start: 0),
    HeightMap.Wave(across: 1, down: 0, height: 1.6, start: 0.1), HeightMap.Wave(across: 0, down: 1, height: 1.5, start: 0.65),
    HeightMap.Wave(across: 1, down: 1, height: 1.9, start: 0.35), HeightMap.Wave(across: 2, down: -1, height: 1.1, start: 0.8),
    HeightMap.Wave(across: 1, down: -2, height: 0.9, start: 0.45), HeightMap.Wave(across: 3, down: 1, height: 0.35, start: 0.2),
    HeightMap.Wave(across: 1, down: 3, height: 0.3, start: 0.9),
  ]
}
