extension Tile {
  /// A hiker's map: contour lines around hills and hollows, every third one stronger.
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

  /// The waves of the map. The first one lifts the whole map, so that no pass is exactly as high as a contour line: lines would meet there.
  private static let hills = [
    HeightMap.Wave(across: 0, down: 0, height: 1.29, start: 0),
    HeightMap.Wave(across: 1, down: 0, height: 1.6, start: 0.1), HeightMap.Wave(across: 0, down: 1, height: 1.5, start: 0.65),
    HeightMap.Wave(across: 1, down: 1, height: 1.9, start: 0.35), HeightMap.Wave(across: 2, down: -1, height: 1.1, start: 0.8),
    HeightMap.Wave(across: 1, down: -2, height: 0.9, start: 0.45), HeightMap.Wave(across: 3, down: 1, height: 0.35, start: 0.2),
    HeightMap.Wave(across: 1, down: 3, height: 0.3, start: 0.9),
  ]
}

/// Lines of equal height on a map that repeats. They are nested and never cross, on any map.
struct ContourLines: Outlined {
  let map: HeightMap
  /// The difference in height between two lines: each multiple of it has a line.
  let interval: Int
  /// Line width in pixels.
  let thickness: Float
  /// The opacity of a line, 0 to 1.
  let opacity: Float

  /// The outline has its corners on the sides of 64 by 64 squares. That looks smooth, and the number of corners does not grow with the map.
  var path: VectorPath {
    let squares = 64
    let scale = SIMD2(Float(map.width), Float(map.height)) / Float(squares)
    return map.sampled(squares).lines(ofMultiplesOf: Float(interval))
      .map { line in .stroke(HeightMap.Line(corners: line.corners.map { $0 * scale }, isClosed: line.isClosed), thickness: thickness) }
      .reduce(VectorPath(data: ""), +)
  }
}

extension MutableSpan<UInt8> {
  /// Draws one row of lines over amounts of ink, 0 to 255.
  ///
  /// A pixel's distance from a line is its difference in height divided by the slope, which is exact enough near the line.
  ///
  /// - Parameters:
  ///   - heights, slopes: those of the row's pixels.
  ///   - offset: the offset of the row.
  mutating func draw(_ lines: ContourLines, at offset: Int, heights: Span<Float>, slopes: Span<Float>) {
    precondition(heights.count == slopes.count && offset >= 0 && offset + heights.count <= count, "lines end outside the rows")
    let (interval, reach) = (Float(lines.interval), 0.5 + lines.thickness / 2)
    let (frequency, share) = (1 / interval, 256 * lines.opacity)
    for x in 0..<heights.count {
      let level = unsafe heights[unchecked: x] * frequency
      // Rounding to even is one instruction, and a half is equally far from either line.
      let rest = abs(level - level.rounded(.toNearestOrEven)) * interval
      let coverage = unsafe Swift.min(Swift.max(reach - rest / slopes[unchecked: x], 0), 1)
      // Adding 2²³ leaves the rounded number in the lowest bits.
      let amount = UInt16(truncatingIfNeeded: (coverage * share + 0x1p23).bitPattern)
      let under = unsafe UInt16(self[unchecked: offset &+ x])
      unsafe self[unchecked: offset &+ x] = UInt8(truncatingIfNeeded: under &+ ((255 &- under) &* amount &+ 128) &>> 8)
    }
  }
}
