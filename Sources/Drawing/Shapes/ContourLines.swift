/// Lines of equal height on a map that repeats: nested and never crossing, whatever the map.
struct ContourLines: Shape {
  /// Of the rows' middles: all of the map, none of its repetitions.
  let rows: ClosedRange<Float>

  private let width: Int
  /// Of each pixel's middle from the nearest line's.
  private let distances: [Float]
  private let thickness: Float

  /// - Parameters:
  ///   - map: every whole number among its heights has a line.
  ///   - interval: draws only the lines whose numbers it divides.
  init(of map: HeightMap, every interval: Int, thickness: Float) {
    rows = 0.5...Float(map.height) - 0.5
    width = map.width
    distances = map.distances(toMultiplesOf: Float(interval))
    self.thickness = thickness
  }

  func distance(x: Float, y: Float) -> Float { distances[Int(y) * width + Int(x)] - thickness / 2 }

  /// The whole width: only distances tell more.
  func span(y: Float, depth: Float) -> ClosedRange<Float>? {
    depth < 0 ? 0...Float(width) : nil
  }
}
