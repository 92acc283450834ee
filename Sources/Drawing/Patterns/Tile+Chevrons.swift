extension Tile {
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
        opacity: opacity)
    }
    return tile
  }
}
