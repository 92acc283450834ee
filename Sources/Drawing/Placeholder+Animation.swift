/// One frame of an animation that starts over without a jump.
package struct AnimationFrame: Sendable, Hashable {
  /// The index of the frame, from 0.
  package let index: Int
  /// The number of frames in the animation.
  package let count: Int

  /// - Parameters:
  ///   - index: from 0.
  ///   - count: at least 1.
  package init(frame index: Int, of count: Int) { (self.index, self.count) = (index, count) }

  /// The position of a swinging value: from 0 to 1 and back to 0 in one loop. It begins a quarter of a frame late, so that no frame on the
  /// way back equals one on the way out.
  fileprivate var swing: Float {
    let share = (Float(index) + 0.25) / Float(count)
    return share < 0.5 ? 2 * share : 2 - 2 * share
  }
}

/// Animation: the pattern moves by one tile in a loop, and a plain colour swings towards the second colour of a gradient. The text does not
/// move and keeps one ink.
extension Placeholder {
  /// The background in the frame.
  var frameBackground: Background {
    guard let frame, case .solid(let colour) = background else { return background }
    return .solid(OKLab(colour).mixed(with: OKLab(farthest), share: frame.swing).colour)
  }

  /// A tile at its position in the frame.
  func moved(_ tile: Tile) -> Tile {
    guard let frame else { return tile }
    return tile.moved(by: tile.width * frame.index / frame.count)
  }

  /// Inks that are readable in every frame.
  func tone(with tile: Tile?) -> Tone {
    guard frame != nil, case .solid(let colour) = background else { return Tone(background: background, pattern: tile) }
    return Tone(background: .gradient(Gradient(from: colour, to: farthest, .horizontal)), pattern: tile)
  }

  /// The colour at the far end of a plain colour's swing: near enough to be gentle, and far enough that every frame differs from the last.
  private var farthest: Colour {
    guard case .solid(let colour) = background else { return PictureRecipe(description).secondColour }
    return OKLab(colour).mixed(with: OKLab(PictureRecipe(description).secondColour), share: 0.5).colour
  }
}
