extension Tile {
  /// Triangles in four shades, tips up. Every second row is shifted by half a triangle.
  ///
  /// They are as high as wide, which looks equilateral. Their sides fall by two pixels in one, so that rows are shifted copies of each
  /// other.
  static func triangles(unit: Int) -> Tile {
    let side = 6 * unit
    var tile = Tile(width: 2 * side, height: 2 * side)
    for (column, row, opacity): (Float, Int, Float) in [(0, 0, 0.26), (1, 0, 0.14), (0.5, 1, 0.2), (1.5, 1, 0.09)] {
      let (left, top) = (column * Float(side), Float(row * side))
      let (right, bottom) = (left + Float(side), top + Float(side))
      tile.fill(
        ConvexPolygon(SIMD2((left + right) / 2, top), SIMD2(right, bottom), SIMD2(left, bottom)), opacity: opacity)
    }
    return tile
  }

  /// A honeycomb in four shades.
  static func hexagons(unit: Int) -> Tile {
    let side = Float(6 * unit)
    var tile = Tile(width: 12 * unit, height: 9 * unit)
    for (column, row, opacity): (Float, Float, Float) in [(0, 0, 0.2), (1, 0, 0.1), (0.5, 1, 0.25), (1.5, 1, 0.14)] {
      let (x, y, gap) = (column * side, row * side * 0.75, Float(unit) * 0.14)
      func corner(_ across: Float, _ down: Float) -> SIMD2<Float> { SIMD2(x + across * side, y + down * side) }
      let inset = SIMD2(gap, 0)
      tile.fill(
        ConvexPolygon(
          corner(0.5, 0) + SIMD2(0, gap), corner(1, 0.25) - inset, corner(1, 0.75) - inset, corner(0.5, 1) - SIMD2(0, gap),
          corner(0, 0.75) + inset, corner(0, 0.25) + inset),
        opacity: opacity)
    }
    return tile
  }

  /// Diamonds that touch at their corners, each with a small diamond inside.
  static func diamonds(unit: Int) -> Tile {
    let (half, depth) = (Float(3 * unit), Float(6 * unit))
    var tile = Tile(width: 6 * unit, height: 12 * unit)
    for (share, opacity): (Float, Float) in [(1, 0.16), (0.36, 0.2)] {
      let (across, down) = (half * share, depth * share)
      let diamond = ConvexPolygon(
        SIMD2(half, depth - down), SIMD2(half + across, depth), SIMD2(half, depth + down), SIMD2(half - across, depth))
      tile.fill(diamond, opacity: opacity, isJoined: share < 1)
    }
    return tile
  }

  /// Stacked cubes seen from above: three faces of each, lit from the upper right.
  ///
  /// Sides rise by one pixel in two, as in pixel art, so that rows are shifted copies of each other.
  static func cubes(unit: Int) -> Tile {
    let side = Float(8 * unit)
    var tile = Tile(width: 8 * unit, height: 12 * unit)
    for (x, y) in [(Float(0), Float(0)), (side / 2, side * 0.75)] {
      func corner(_ across: Float, _ down: Float) -> SIMD2<Float> { SIMD2(x + across * side, y + down * side) }
      let (top, left, right, middle) = (corner(0.5, 0), corner(0, 0.25), corner(1, 0.25), corner(0.5, 0.5))
      let (lowerLeft, bottom, lowerRight) = (corner(0, 0.75), corner(0.5, 1), corner(1, 0.75))
      tile.fill(ConvexPolygon(top, right, middle, left), opacity: 0.26)
      tile.fill(ConvexPolygon(right, lowerRight, bottom, middle), opacity: 0.15, isJoined: true)
      tile.fill(ConvexPolygon(left, middle, bottom, lowerLeft), opacity: 0.05, isJoined: true)
    }
    return tile
  }

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

  /// Frames around squares, the corners of which touch those of smaller squares.
  static func squares(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (inset, opacity): (Int, Float) in [(unit, 0.1), (unit * 2, 0.12), (unit * 3, 0.16)] {
      tile.fill(.rectangle(x: inset, y: inset, width: side - 2 * inset, height: side - 2 * inset), opacity: opacity, isJoined: inset > unit)
    }
    tile.fill(.rectangle(x: -unit, y: -unit, width: 2 * unit, height: 2 * unit), opacity: 0.24)
    return tile
  }

  /// Bricks in running bond, in four shades.
  static func bricks(unit: Int) -> Tile {
    let (width, height, gap) = (8 * unit, 4 * unit, Float(unit) * 0.28)
    var tile = Tile(width: 2 * width, height: 2 * height)
    for (column, row, opacity): (Float, Float, Float) in [(0, 0, 0.2), (1, 0, 0.12), (0.5, 1, 0.15), (1.5, 1, 0.22)] {
      let (left, top) = (column * Float(width), row * Float(height))
      let brick = RoundedRectangle(
        columns: left + gap...left + Float(width) - gap, rows: top + gap...top + Float(height) - gap, radius: Float(unit) * 0.4)
      tile.fill(brick, opacity: opacity)
    }
    return tile
  }

  /// Crosses with equal arms, large and small in turn.
  static func crosses(unit: Int) -> Tile {
    let side = 6 * unit
    var tile = Tile(width: side, height: side)
    for (centre, arm, thickness) in [(side / 4, unit * 5 / 4, max(1, unit / 2)), (side * 3 / 4, unit * 3 / 4, max(1, unit / 4))] {
      let first = centre - thickness / 2
      let (rest, below) = (first - (centre - arm), first + thickness)
      tile.fill(.rectangle(x: centre - arm, y: first, width: 2 * rest + thickness, height: thickness), opacity: 0.26)
      tile.fill(.rectangle(x: first, y: centre - arm, width: thickness, height: rest), opacity: 0.26, isJoined: true)
      tile.fill(.rectangle(x: first, y: below, width: thickness, height: rest), opacity: 0.26, isJoined: true)
    }
    return tile
  }

  /// Parquet: planks twice as long as wide, at 45°, each of which ends at the side of another.
  ///
  /// A plank leads right and down by as many pixels, or right and up. Their widths are half a column of the pattern.
  static func herringbone(unit: Int) -> Tile {
    let column = Float(4 * unit)
    var tile = Tile(width: 8 * unit, height: 8 * unit)
    let (down, up) = (SIMD2(column, column) / 2, SIMD2(column, -column) / 2)
    for (place, falling, rising): (Float, Float, Float) in [(0, 0.25, 0.1), (1, 0.19, 0.15)] {
      let start = SIMD2(place * column, 0)
      tile.fill(plank(at: start, along: down, across: up), opacity: falling)
      tile.fill(plank(at: start + 3 * down, along: up, across: down), opacity: rising)
    }
    return tile
  }

  /// - Parameters:
  ///   - along, across: half of its length, and its width.
  private static func plank(at start: SIMD2<Float>, along: SIMD2<Float>, across: SIMD2<Float>) -> ConvexPolygon {
    let gap: Float = 0.06
    let corners = [(gap, gap), (2 - gap, gap), (2 - gap, 1 - gap), (gap, 1 - gap)].map { start + $0 * along + $1 * across }
    return ConvexPolygon(corners: along.y < 0 ? corners : corners.reversed())
  }
}
