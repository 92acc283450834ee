/// What is laid over a gradient. Each has its own file, which makes its tile; a new one is such a file, a case, and a line here.
package enum Pattern: String, Sendable, Hashable, CaseIterable {
  case grid, circles, triangles, lines, dots, waves

  /// The part that repeats.
  ///
  /// - Parameter unit: the measure of the pattern's rhythm in pixels, at least 4; a picture's shorter side is 16 of them.
  func tile(unit: Int) -> Tile {
    switch self {
    case .grid: .grid(unit: unit)
    case .circles: .circles(unit: unit)
    case .triangles: .triangles(unit: unit)
    case .lines: .lines(unit: unit)
    case .dots: .dots(unit: unit)
    case .waves: .waves(unit: unit)
    }
  }
}
