extension Tile {
  /// Graph paper: fine lines, and every fourth line a stronger one.
  static func grid(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: side, height: side)
    let thickness = Float(max(1, unit / 24))
    for line in 0..<4 {
      let isStrong = line == 0
      let half = isStrong ? thickness : thickness / 2
      let middle = Float(line * unit)
      let across = RoundedRectangle(columns: 0...Float(side), rows: middle - half...middle + half, radius: 0)
      let down = RoundedRectangle(columns: middle - half...middle + half, rows: 0...Float(side), radius: 0)
      tile.fill(across, opacity: isStrong ? 0.34 : 0.2)
      tile.fill(down, opacity: isStrong ? 0.34 : 0.2)
    }
    return tile
  }

  /// Slanting stripes: a broad one between two fine ones.
  static func lines(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (place, thickness, opacity): (Float, Float, Float) in [(0.5, 0.24, 0.16), (0.86, 0.035, 0.24), (0.14, 0.035, 0.24)] {
      tile.fill(Stripe(x: Float(side) * place, height: side, thickness: Float(side) * thickness), opacity: opacity)
    }
    return tile
  }

  /// Upright stripes: a broad one with a fine one at each side.
  static func stripes(unit: Int) -> Tile {
    var tile = Tile(width: 8 * unit, height: 1)
    let fine = max(1, unit / 3)
    for (start, width, opacity) in [(unit, fine, Float(0.24)), (2 * unit, 4 * unit, 0.16), (7 * unit - fine, fine, 0.24)] {
      tile.fill(.rectangle(x: start, y: 0, width: width, height: 1), opacity: opacity)
    }
    return tile
  }

  /// Broad and fine waves in turn.
  static func waves(unit: Int) -> Tile {
    var tile = Tile(width: 8 * unit, height: 6 * unit)
    let spacing = Float(tile.height)
    for (place, thickness, opacity): (Float, Float, Float) in [(0.3, 0.3, 0.2), (0.78, 0.07, 0.26)] {
      let wave = Wave(y: spacing * place, amplitude: spacing * 0.2, length: tile.width, thickness: spacing * thickness)
      tile.fill(wave, opacity: opacity)
    }
    return tile
  }

  /// Zigzags at 45°, a broad one above a fine one.
  static func chevrons(unit: Int) -> Tile {
    let (half, height) = (Float(4 * unit), 6 * unit)
    var tile = Tile(width: 8 * unit, height: height)
    for (place, thickness, opacity): (Float, Float, Float) in [(0, 2, 0.18), (3.4, 0.45, 0.26)] {
      let (top, stroke) = (place * Float(unit), thickness * Float(unit))
      let (left, middle, right) = (Float(0), half, 2 * half)
      tile.fill(
        ConvexPolygon(SIMD2(left, top + half), SIMD2(middle, top), SIMD2(middle, top + stroke), SIMD2(left, top + half + stroke)),
        opacity: opacity)
      tile.fill(
        ConvexPolygon(SIMD2(middle, top), SIMD2(right, top + half), SIMD2(right, top + half + stroke), SIMD2(middle, top + stroke)),
        opacity: opacity, isJoined: true)
    }
    return tile
  }

  /// Tartan: broad bands with a fine line between them, across and down, denser where they cross.
  static func plaid(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    for (start, thickness, opacity) in [(0, 3 * unit, Float(0.13)), (unit * 11 / 2, max(1, unit / 5), 0.22)] {
      tile.fill(.rectangle(x: 0, y: start, width: side, height: thickness), opacity: opacity)
      tile.fill(.rectangle(x: start, y: 0, width: thickness, height: side), opacity: opacity)
    }
    return tile
  }

  /// Basketwork: bundles of three straws, horizontal and vertical in turn.
  static func weave(unit: Int) -> Tile {
    let bundle = 6 * unit
    var tile = Tile(width: 2 * bundle, height: 2 * bundle)
    let gap = max(1, unit / 6)
    for straw in 0..<3 {
      let (place, thickness, length) = (straw * 2 * unit + gap, 2 * (unit - gap), bundle - 2 * gap)
      let opacity: Float = straw == 1 ? 0.24 : 0.15
      for (x, y) in [(0, 0), (bundle, bundle)] {
        tile.fill(.rectangle(x: x + gap, y: y + place, width: length, height: thickness), opacity: opacity)
        tile.fill(.rectangle(x: bundle - x + place, y: y + gap, width: thickness, height: length), opacity: opacity)
      }
    }
    return tile
  }
}
