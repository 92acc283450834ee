import Hashing

/// The random choices for a picture: colours, direction and pattern. They follow from the description alone, so equal descriptions make
/// equal choices.
///
/// The colours, patterns and directions are shuffled once a request, and image `i` takes the `i`-th of each. The images of one request
/// therefore repeat no first colour before the eleventh image, and no pair of first colour and pattern before all pairs are used: each
/// further round through the colours is one pattern ahead. (This holds for any number of patterns but a multiple of eleven.)
///
/// A recipe chooses from ``patterns`` and ``directions``, which are listed here and not taken from the enumerations. A longer list is
/// shuffled differently, so one more entry changes nearly every hd image that anybody has on record. A case that is added to an enumeration
/// alone changes no image: it can be drawn by name until an edition takes it up.
///
/// A new edition widens the choice deliberately: append the new cases to the list, record the golden pictures anew, and say in the change
/// log that hd images differ from those of earlier versions. To keep the earlier images available, keep the shorter list under a name of
/// its own and let ``PictureDescription`` say which edition it is for.
struct PictureRecipe: Sendable, Equatable {
  let colour: Colour
  let secondColour: Colour
  let direction: Gradient.Direction
  /// Chosen unless the description names one.
  let pattern: Pattern

  /// The patterns of the first edition. Their order counts as much as their number.
  static let patterns: [Pattern] = [
    .grid, .circles, .triangles, .lines, .dots, .waves, .hexagons, .stripes, .checkerboard, .rings, .cubes, .diamonds, .chevrons, .bricks,
    .plaid, .weave, .crosses, .squares, .contours,
  ]
  /// The patterns of separate figures, for transparent pictures.
  static let figurePatterns: [Pattern] = [
    .circles, .triangles, .dots, .hexagons, .checkerboard, .rings, .cubes, .diamonds, .chevrons, .bricks, .crosses, .squares,
  ]
  /// The directions of the first edition, in an order that counts as well.
  static let directions: [Gradient.Direction] = [.horizontal, .vertical, .diagonal, .shallow, .steep, .rising, .radial]

  init(_ description: PictureDescription) {
    self.init(description, from: description.isTransparent ? Self.figurePatterns : Self.patterns)
  }

  /// - Parameter patterns: the edition to choose from; not empty.
  init(_ description: PictureDescription, from patterns: [Pattern]) {
    var generator = SplitMix64(seed: description.requestSeed)
    let colours = generator.shuffled(Palette.colours(of: description.style))
    let patterns = generator.shuffled(patterns)
    let directions = generator.shuffled(Self.directions)
    let place = generator.next(below: 1 << 16)

    let index = Int(UInt(bitPattern: description.index) % 1_000_000)
    let round = index / colours.count
    colour = colours[index % colours.count]
    let neighbours = Palette.neighbours(of: colour, in: colours)
    secondColour = neighbours[place % neighbours.count]
    pattern = description.pattern ?? patterns[(index + round) % patterns.count]
    direction = directions[index % directions.count]
  }
}

/// The ten colours of each style.
package enum Palette {
  package static func colours(of style: Style) -> [Colour] {
    switch style {
    case .vivid: vivid
    case .natural: natural
    }
  }

  /// Bright and saturated colours.
  package static let vivid = colours(
    (255, 59, 48), (255, 149, 0), (255, 204, 0), (52, 199, 89), (0, 199, 190),
    (48, 176, 199), (50, 173, 230), (94, 92, 230), (175, 82, 222), (255, 45, 85))

  /// Muted earth tones.
  package static let natural = colours(
    (139, 69, 19), (160, 82, 45), (210, 180, 140), (188, 143, 143), (112, 128, 144),
    (119, 136, 153), (176, 196, 222), (143, 188, 143), (85, 107, 47), (128, 128, 105))

  /// The colours that make a clean gradient with another one: near enough in hue that no third hue comes between, and far enough that the
  /// gradient is seen.
  ///
  /// - Returns: at least one of the candidates, which are not all like the colour.
  static func neighbours(of colour: Colour, in candidates: [Colour]) -> [Colour] {
    let middle = OKLCH(colour)
    let seen = candidates.filter { middle.distance(to: OKLCH($0)) >= leastDistance }
    let near = seen.filter { abs(middle.turn(to: OKLCH($0))) <= farthestTurn }
    return near.isEmpty ? seen : near
  }

  /// About 100°.
  private static let farthestTurn: Float = 1.75
  /// In OKLab.
  private static let leastDistance: Float = 0.08

  private static func colours(_ channels: (UInt8, UInt8, UInt8)...) -> [Colour] {
    channels.map { Colour(red: $0.0, green: $0.1, blue: $0.2) }
  }
}
