extension VectorPath {
  /// A line's two edges: around a closed line one within the other, of which the inner one is a hole.
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
