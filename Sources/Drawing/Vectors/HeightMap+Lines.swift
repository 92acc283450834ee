extension HeightMap {
  /// A line of equal height, as corners in units of the map's squares.
  struct Line {
    var corners: [SIMD2<Float>]
    /// Whether the last corner is connected to the first one.
    var isClosed: Bool
  }

  /// The lines along which the height is a multiple of an interval, by marching squares. A line that meets an edge of the map ends there.
  func lines(ofMultiplesOf interval: Float) -> [Line] {
    let heights = Heights(of: self)
    var neighbours = neighbours(ofMultiplesOf: interval, heights)
    let crossings = neighbours.keys.sorted {
      ($0.level, $0.row, $0.column, $0.isDown ? 1 : 0) < ($1.level, $1.row, $1.column, $1.isDown ? 1 : 0)
    }
    var lines: [Line] = []
    // Lines with ends come first. The remaining ones are closed.
    for isClosed in [false, true] {
      for start in crossings where neighbours[start].map({ isClosed || $0.count == 1 }) ?? false {
        let corners = walk(from: start, through: &neighbours).map { place(of: $0, interval: interval, heights) }
        lines.append(Line(corners: corners, isClosed: isClosed))
      }
    }
    return lines
  }

  /// The crossing of a line and a square's side, which runs from a corner down or to the right.
  private struct Crossing: Hashable {
    var level: Int
    var column: Int
    var row: Int
    var isDown: Bool

    var ends: [SIMD2<Int>] { [SIMD2(column, row), SIMD2(column, row) &+ (isDown ? SIMD2(0, 1) : SIMD2(1, 0))] }
  }

  /// The next crossings of a line on either side of each crossing.
  private func neighbours(ofMultiplesOf interval: Float, _ heights: Heights) -> [Crossing: [Crossing]] {
    var neighbours: [Crossing: [Crossing]] = [:]
    for row in 0..<height {
      for column in 0..<width {
        let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map { heights[SIMD2(column + $0.0, row + $0.1)] / interval }
        let (lowest, highest) = (Int(corners.min()!.rounded(.down)), Int(corners.max()!.rounded(.down)))
        for level in lowest + 1..<highest + 1 {
          let crossings = crossings(ofSquareAt: column, row, level: level, interval: interval, heights)
          // If all four sides are crossed, two lines pass each other, and either way of connecting them will do.
          for first in Swift.stride(from: 0, to: crossings.count - 1, by: 2) {
            neighbours[crossings[first], default: []].append(crossings[first + 1])
            neighbours[crossings[first + 1], default: []].append(crossings[first])
          }
        }
      }
    }
    return neighbours
  }

  private func crossings(ofSquareAt column: Int, _ row: Int, level: Int, interval: Float, _ heights: Heights) -> [Crossing] {
    let threshold = Float(level) * interval
    return [(0, 0, false), (1, 0, true), (0, 1, false), (0, 0, true)]
      .map { Crossing(level: level, column: column + $0.0, row: row + $0.1, isDown: $0.2) }
      .filter { (heights[$0.ends[0]] < threshold) != (heights[$0.ends[1]] < threshold) }
  }

  /// Follows a line to its end, or around, and removes its crossings.
  private func walk(from start: Crossing, through neighbours: inout [Crossing: [Crossing]]) -> [Crossing] {
    var (line, next): ([Crossing], Crossing?) = ([], start)
    while let crossing = next {
      line.append(crossing)
      let beside = neighbours.removeValue(forKey: crossing) ?? []
      next = beside.first { neighbours[$0] != nil }
    }
    return line
  }

  /// The place of a crossing, interpolated linearly along the side.
  private func place(of crossing: Crossing, interval: Float, _ heights: Heights) -> SIMD2<Float> {
    let ends = crossing.ends.map { heights[$0] }
    let share = (Float(crossing.level) * interval - ends[0]) / (ends[1] - ends[0])
    return SIMD2(Float(crossing.column), Float(crossing.row)) + (crossing.isDown ? SIMD2(0, share) : SIMD2(share, 0))
  }

  /// The heights of all pixels.
  private struct Heights {
    private let rows: [[Float]]

    init(of map: HeightMap) { rows = (0..<map.height).map(map.row) }

    /// The last column is followed by the first one, and so is the last row.
    subscript(place: SIMD2<Int>) -> Float {
      let row = rows[place.y % rows.count]
      return row[place.x % row.count]
    }
  }
}

extension VectorPath {
  /// The two edges of a line. Those of a closed line lie within each other, and the inner one bounds a hole.
  static func stroke(_ line: HeightMap.Line, thickness: Float) -> VectorPath {
    let sides = [-thickness / 2, thickness / 2].map { distance in line.corners.indices.map { line.corner($0, movedBy: distance) } }
    return line.isClosed ? .polygon(sides[0]) + .polygon(sides[1]) : .polygon(sides[0] + sides[1].reversed())
  }
}

extension HeightMap.Line {
  /// A corner moved to the side, at a right angle to the way from the corner before to the one after.
  fileprivate func corner(_ index: Int, movedBy distance: Float) -> SIMD2<Float> {
    let (before, after) = (neighbour(index - 1), neighbour(index + 1))
    let way = after - before
    let length = (way * way).sum().squareRoot()
    return length == 0 ? corners[index] : corners[index] + SIMD2(-way.y, way.x) * (distance / length)
  }

  private func neighbour(_ index: Int) -> SIMD2<Float> {
    isClosed ? corners[(index + corners.count) % corners.count] : corners[min(max(index, 0), corners.count - 1)]
  }
}
