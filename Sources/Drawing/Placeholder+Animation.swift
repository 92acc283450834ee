/// What moves in an animation.
public enum Motion: String, Sendable, Hashable, CaseIterable {
  /// The pattern moves to the right by one tile. Without a pattern, the background swings to another colour and back.
  case drift
  /// The pattern moves up by one tile. The foot of a plain background rises to the top and falls again.
  case rise
  /// The pattern fades and comes back. The two tints of a plain background change places and back.
  case pulse
}

/// One frame of an animation that starts over without a jump.
package struct AnimationFrame: Sendable, Hashable {
  /// The index of the frame, from 0.
  package let index: Int
  /// The number of frames in the animation.
  package let count: Int
  package let motion: Motion

  /// - Parameters:
  ///   - index: from 0.
  ///   - count: at least 1.
  package init(frame index: Int, of count: Int, _ motion: Motion = .drift) {
    (self.index, self.count, self.motion) = (index, count, motion)
  }

  /// The position of a swinging value: from 0 to 1 and back to 0 in one loop. It begins a quarter of a frame late, so that no frame on the
  /// way back equals one on the way out.
  fileprivate var swing: Float {
    let share = (Float(index) + 0.25) / Float(count)
    return share < 0.5 ? 2 * share : 2 - 2 * share
  }
}

/// Animation: a loop of a ``Motion``, in which the text does not move and keeps one ink.
extension Placeholder {
  /// The background in the frame.
  var frameBackground: Background { inFrame(background) }

  /// Any background in the frame. Only plain ones change.
  func inFrame(_ background: Background) -> Background {
    guard let frame, case .card(let colour, let foot, _) = background else { return background }
    switch frame.motion {
    case .drift:
      guard case .card(let other, let otherFoot, _) = farthest else { return background }
      return .card(colour.mixed(with: other, share: frame.swing), foot: foot.mixed(with: otherFoot, share: frame.swing))
    case .rise: return .card(colour, foot: foot, raised: frame.swing)
    case .pulse: return .card(colour.mixed(with: foot, share: frame.swing), foot: foot.mixed(with: colour, share: frame.swing))
    }
  }

  /// A tile at its position, and with its strength, in the frame.
  func moved(_ tile: Tile) -> Tile {
    let shift = shift(of: tile)
    return tile.moved(by: shift.x).raised(by: -shift.y).faded(to: strength)
  }

  /// The figures of a tile at their positions, and with their strength, in the frame.
  func figures(of tile: Tile, in layout: Layout, around labels: [Box]) -> Figures {
    Figures(of: tile, shift: shift(of: tile), strength: strength, on: description.size, in: layout, around: labels)
  }

  /// Figures are smaller than a pattern that fills the picture, so that more of them fit around the text.
  func patternUnit(in layout: Layout) -> Int {
    description.isTransparent ? max(3, layout.patternUnit * 5 / 8) : layout.patternUnit
  }

  /// How far the pattern is to the right of its place and below it.
  private func shift(of tile: Tile) -> SIMD2<Int> {
    guard let frame else { return .zero }
    switch frame.motion {
    // Upright stripes have nothing that could rise.
    case .rise where tile.height > 1: return SIMD2(0, -tile.height * frame.index / frame.count)
    case .drift, .rise: return SIMD2(tile.width * frame.index / frame.count, 0)
    case .pulse: return .zero
    }
  }

  /// The share of the pattern's opacity.
  private var strength: Float {
    guard let frame, frame.motion == .pulse else { return 1 }
    return 1 - (1 - Self.leastStrength) * frame.swing
  }

  /// Where a pulse is weakest.
  private static let leastStrength: Float = 0.2

  /// Inks that are readable in every frame.
  var tone: Tone { Tone(on: toneColours) }

  /// Colours of the backgrounds of all frames, close enough together that every other colour is near one of them.
  var toneColours: [Colour] { toneColours(of: background) }

  /// The same for any background.
  func toneColours(of background: Background) -> [Colour] {
    guard frame?.motion == .drift, case .card(let colour, let foot, _) = background, case .card(let other, let otherFoot, _) = farthest
    else { return background.colours }
    return [colour, foot, other, otherFoot]
  }

  /// The far end of a plain background's swing.
  private var farthest: Background { Scheme.card(of: recipe.secondColour) }
}

extension Colour {
  fileprivate func mixed(with other: Colour, share: Float) -> Colour { OKLCH(self).mixed(with: OKLCH(other), share: share).colour }
}
