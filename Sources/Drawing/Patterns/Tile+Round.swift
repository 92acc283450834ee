extension Tile {
  /// Circles that overlap their neighbours in petals, each with a smaller one inside.
  static func circles(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, radius) = (Float(side) / 2, Float(side) * Float(0.5).squareRoot())
    tile.fill(Disc(x: centre, y: centre, radius: radius), opacity: 0.14)
    tile.fill(Disc(x: centre, y: centre, radius: radius * 0.4), opacity: 0.18, isJoined: true)
    return tile
  }

  /// Large dots with small ones between them.
  static func dots(unit: Int) -> Tile {
    let side = 4 * unit
    var tile = Tile(width: side, height: side)
    let centre = Float(side) / 2
    tile.fill(Disc(x: centre, y: centre, radius: Float(side) * 0.18), opacity: 0.24)
    tile.fill(Disc(x: 0, y: 0, radius: Float(side) * 0.08), opacity: 0.3)
    return tile
  }

  /// Targets: a ring around a disc, and a dot in the gaps between four of them.
  static func rings(unit: Int) -> Tile {
    let side = 8 * unit
    var tile = Tile(width: side, height: side)
    let (centre, em) = (Float(side) / 2, Float(unit))
    tile.fill(Ring(x: centre, y: centre, radius: em * 3, thickness: em * 0.8), opacity: 0.2)
    tile.fill(Disc(x: centre, y: centre, radius: em * 1.3), opacity: 0.26, isJoined: true)
    tile.fill(Disc(x: 0, y: 0, radius: em * 0.7), opacity: 0.26)
    return tile
  }

  /// A fish's scales, or waves as Japanese cloth has them: each has two bands around its middle, and is half hidden by those in front.
  static func scales(unit: Int) -> Tile {
    let radius = Float(5 * unit)
    var tile = Tile(width: 10 * unit, height: 5 * unit)
    for centre in [SIMD2(radius, 0), SIMD2(0, radius / 2)] {
      for (inner, outer, opacity): (Float, Float, Float) in [(0.8, 0.96, 0.17), (0.5, 0.66, 0.21), (0, 0.34, 0.27)] {
        let band = ScaleBand(x: centre.x, y: centre.y, radius: radius, inner: inner * radius, outer: outer * radius)
        tile.fill(band, opacity: opacity, isJoined: inner < 0.8)
      }
    }
    return tile
  }

  /// Sprigs: stems with leaves in pairs, of which the right one is in the shade. Every second stem is shifted by half a pair.
  static func leaves(unit: Int) -> Tile {
    let (em, height) = (Float(unit), 3 * unit)
    var tile = Tile(width: 8 * unit, height: height)
    for (stem, shift) in [(2 * em, 0), (6 * em, Float(height) / 2)] {
      let node = SIMD2(stem, shift + 2.4 * em)
      let line = RoundedRectangle(columns: stem - em * 0.07...stem + em * 0.07, rows: 0...Float(height), radius: 0)
      tile.fill(line, opacity: 0.2)
      for (side, opacity): (Float, Float) in [(-1, 0.28), (1, 0.15)] {
        let start = node + SIMD2(side * 0.18, 0) * em
        tile.fill(Leaf(from: start, to: start + SIMD2(side * 1.55, -2.1) * em, width: 1.02 * em), opacity: opacity, isJoined: true)
      }
    }
    return tile
  }
}
