/// Lines of equal height on a map that repeats: nested and never crossing, whatever the map.
struct ContourLines: Shape {
  /// Of the rows' middles: all of the map, none of its repetitions.
  let rows: ClosedRange<Float>

  private let map: HeightMap
  private let interval: Int
  private let thickness: Float
  let path: VectorPath

  /// - Parameters:
  ///   - map: every whole number among its heights has a line.
  ///   - interval: draws only the lines whose numbers it divides.
  init(of map: HeightMap, every interval: Int, thickness: Float) {
    rows = 0.5...Float(map.height) - 0.5
    (self.map, self.interval) = (map, interval)
    self.thickness = thickness
    path = Self.path(of: map, every: interval, thickness: thickness)
  }

  /// Corners on the sides of 64 by 64 squares are as smooth as an eye can tell, and their number does not grow with the map.
  private static func path(of map: HeightMap, every interval: Int, thickness: Float) -> VectorPath {
    let squares = 64
    let scale = SIMD2(Float(map.width), Float(map.height)) / Float(squares)
    return map.sampled(squares).lines(ofMultiplesOf: Float(interval))
      .map { line in .stroke(HeightMap.Line(corners: line.corners.map { $0 * scale }, isClosed: line.isClosed), thickness: thickness) }
      .reduce(VectorPath(data: ""), +)
  }

  func distance(x: Float, y: Float) -> Float {
    map.distance(ofColumn: Int(x), row: Int(y), toMultiplesOf: Float(interval)) - thickness / 2
  }

  /// The whole width: only distances tell more.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? 0...Float(map.width) : nil
  }
}
