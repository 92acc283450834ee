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

/// Lines of equal height on a map that repeats: nested and never crossing, whatever the map.
struct ContourLines: Outlined {
  let map: HeightMap
  /// Every whole number among the heights that it divides has a line.
  let interval: Int
  /// In pixels.
  let thickness: Float
  /// 0 to 1.
  let opacity: Float

  /// Corners on the sides of 64 by 64 squares are as smooth as an eye can tell, and their number does not grow with the map.
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
  /// As many pixels away from a line as the slope says, which is near enough near a line.
  ///
  /// - Parameters:
  ///   - heights, slopes: of the row's pixels.
  ///   - offset: where the row begins.
  mutating func draw(_ lines: ContourLines, at offset: Int, heights: Span<Float>, slopes: Span<Float>) {
    precondition(heights.count == slopes.count && offset >= 0 && offset + heights.count <= count, "lines end outside the rows")
    let (interval, reach) = (Float(lines.interval), 0.5 + lines.thickness / 2)
    let (frequency, share) = (1 / interval, 256 * lines.opacity)
    for x in 0..<heights.count {
      let level = unsafe heights[unchecked: x] * frequency
      // To even, for which the processor has an instruction; halves are as far from either line.
      let rest = abs(level - level.rounded(.toNearestOrEven)) * interval
      let coverage = unsafe Swift.min(Swift.max(reach - rest / slopes[unchecked: x], 0), 1)
      // Adding 2²³ leaves the rounded number in the lowest bits.
      let amount = UInt16(truncatingIfNeeded: (coverage * share + 0x1p23).bitPattern)
      let under = unsafe UInt16(self[unchecked: offset &+ x])
      unsafe self[unchecked: offset &+ x] = UInt8(truncatingIfNeeded: under &+ ((255 &- under) &* amount &+ 128) &>> 8)
    }
  }
}
