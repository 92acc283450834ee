/// One frame of an animation that starts over without a jump.
package struct AnimationFrame: Sendable, Hashable {
  /// From 0.
  package let index: Int
  /// The frames of the whole animation.
  package let count: Int

  /// - Parameters:
  ///   - index: from 0.
  ///   - count: at least 1.
  package init(frame index: Int, of count: Int) { (self.index, self.count) = (index, count) }

  /// How far out a loop has come, 0 to 1 and back to 0. Begins a little late, so that no frame on the way back is one on the way out.
  fileprivate var swing: Float {
    let share = (Float(index) + 0.25) / Float(count)
    return share < 0.5 ? 2 * share : 2 - 2 * share
  }
}

/// What moves: the pattern goes on by one tile in a loop; a plain colour swings towards the one that a gradient would lead to. The text
/// stands still, in one ink throughout.
extension Placeholder {
  var backgroundNow: Background {
    guard let frame, case .solid(let colour) = background else { return background }
    return .solid(OKLab(colour).mixed(with: OKLab(farthest), share: frame.swing).colour)
  }

  func now(_ tile: Tile) -> Tile {
    guard let frame else { return tile }
    return tile.moved(by: tile.width * frame.index / frame.count)
  }

  /// Inks that are readable in every frame.
  func tone(with tile: Tile?) -> Tone {
    guard frame != nil, case .solid(let colour) = background else { return Tone(background: background, pattern: tile) }
    return Tone(background: .gradient(Gradient(from: colour, to: farthest, .horizontal)), pattern: tile)
  }

  /// How far a plain colour swings: gently, and yet so that every frame differs from the last.
  private var farthest: Colour {
    guard case .solid(let colour) = background else { return PictureRecipe(description).secondColour }
    return OKLab(colour).mixed(with: OKLab(PictureRecipe(description).secondColour), share: 0.5).colour
  }
}
