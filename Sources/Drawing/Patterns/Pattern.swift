/// A pattern that is drawn over a gradient. Each pattern has a function that makes its tile. A new pattern is such a function, a case and a
/// line here; no existing image changes until ``PictureRecipe/patterns`` lists it.
package enum Pattern: String, Sendable, Hashable, CaseIterable {
  case grid, circles, triangles, lines, dots, waves
  case hexagons, stripes, checkerboard, rings, cubes, diamonds
  case chevrons, bricks, plaid, weave, crosses, squares, contours
  case scales, leaves, loops, herringbone, facets, terrazzo

  /// Makes the part of the pattern that repeats.
  ///
  /// - Parameter unit: the pattern's unit of length in pixels, at least 3; the shorter side of a picture is 32 units.
  func tile(unit: Int) -> Tile {
    switch self {
    case .grid: .grid(unit: unit)
    case .circles: .circles(unit: unit)
    case .triangles: .triangles(unit: unit)
    case .lines: .lines(unit: unit)
    case .dots: .dots(unit: unit)
    case .waves: .waves(unit: unit)
    case .hexagons: .hexagons(unit: unit)
    case .stripes: .stripes(unit: unit)
    case .checkerboard: .checkerboard(unit: unit)
    case .rings: .rings(unit: unit)
    case .cubes: .cubes(unit: unit)
    case .diamonds: .diamonds(unit: unit)
    case .chevrons: .chevrons(unit: unit)
    case .bricks: .bricks(unit: unit)
    case .plaid: .plaid(unit: unit)
    case .weave: .weave(unit: unit)
    case .crosses: .crosses(unit: unit)
    case .squares: .squares(unit: unit)
    case .contours: .contours(unit: unit)
    case .scales: .scales(unit: unit)
    case .leaves: .leaves(unit: unit)
    case .loops: .loops(unit: unit)
    case .herringbone: .herringbone(unit: unit)
    case .facets: .facets(unit: unit)
    case .terrazzo: .terrazzo(unit: unit)
    }
  }
}

extension Pattern {
  /// Whether it has figures that look right one by one, which a transparent picture needs. Others have bands from edge to edge.
  package var hasFigures: Bool { PictureRecipe.figurePatterns.contains(self) || Self.laterFigures.contains(self) }

  /// The patterns that pictures have which name none.
  package static var usual: [Pattern] { PictureRecipe.patterns }

  /// Patterns of figures that no picture has unless it names them.
  private static let laterFigures: Set<Pattern> = [.scales, .leaves, .loops, .herringbone, .facets, .terrazzo]

  /// Whether most of its edges are slanted. Then the rows nearby have the same edges elsewhere, on other shades of a gradient.
  var isSlanted: Bool { Self.slanted.contains(self) }

  private static let slanted: Set<Pattern> = [.grid, .triangles, .lines, .diamonds, .chevrons, .herringbone]
}

/// A cache of tiles for pictures of one size. Drawing a tile costs as much as covering a picture with it.
struct TileCache {
  private var tiles: [Pattern: Tile] = [:]
  private var unit = 0

  /// The tile of a pattern, drawn if it is not in the cache. Tiles of another unit are dropped.
  mutating func tile(_ pattern: Pattern, unit: Int) -> Tile {
    if unit != self.unit {
      tiles.removeAll(keepingCapacity: true)
      self.unit = unit
    }
    if let tile = tiles[pattern] { return tile }
    let tile = pattern.tile(unit: unit)
    tiles[pattern] = tile
    return tile
  }
}
