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

/// Animation: the pattern moves by one tile in a loop, and a plain background swings to the second colour of a gradient. The text does not
/// move and keeps one ink.
extension Placeholder {
  /// The background in the frame.
  var frameBackground: Background { inFrame(background) }

  /// Any background in the frame. Only plain ones change.
  func inFrame(_ background: Background) -> Background {
    guard let frame, case .card(let colour, let foot) = background, case .card(let other, let otherFoot) = farthest else {
      return background
    }
    return .card(colour.mixed(with: other, share: frame.swing), foot: foot.mixed(with: otherFoot, share: frame.swing))
  }

  /// A tile at its position in the frame.
  func moved(_ tile: Tile) -> Tile {
    tile.moved(by: shift(of: tile))
  }

  /// The figures of a tile at their positions in the frame.
  func figures(of tile: Tile, in layout: Layout, around labels: [Box]) -> Figures {
    Figures(of: tile, shift: shift(of: tile), on: description.size, in: layout, around: labels)
  }

  /// Figures are smaller than a pattern that fills the picture, so that more of them fit around the text.
  func patternUnit(in layout: Layout) -> Int {
    description.isTransparent ? max(3, layout.patternUnit * 5 / 8) : layout.patternUnit
  }

  private func shift(of tile: Tile) -> Int { frame.map { tile.width * $0.index / $0.count } ?? 0 }

  /// Inks that are readable in every frame.
  var tone: Tone { Tone(on: toneColours) }

  /// Colours of the backgrounds of all frames, close enough together that every other colour is near one of them.
  var toneColours: [Colour] { toneColours(of: background) }

  /// The same for any background.
  func toneColours(of background: Background) -> [Colour] {
    guard frame != nil, case .card(let colour, let foot) = background, case .card(let other, let otherFoot) = farthest else {
      return background.colours
    }
    return [colour, foot, other, otherFoot]
  }

  /// The far end of a plain background's swing.
  private var farthest: Background { Scheme.card(of: recipe.secondColour) }
}

extension Colour {
  fileprivate func mixed(with other: Colour, share: Float) -> Colour { OKLCH(self).mixed(with: OKLCH(other), share: share).colour }
}
