/// The ten colours that a style draws from.
package enum Palette {
  package static func colours(of style: Style) -> [Colour] {
    switch style {
    case .vivid: vivid
    case .natural: natural
    }
  }

  /// Bright and saturated.
  package static let vivid = colours(
    (255, 59, 48), (255, 149, 0), (255, 204, 0), (52, 199, 89), (0, 199, 190),
    (48, 176, 199), (50, 173, 230), (94, 92, 230), (175, 82, 222), (255, 45, 85))

  /// Muted earth tones.
  package static let natural = colours(
    (139, 69, 19), (160, 82, 45), (210, 180, 140), (188, 143, 143), (112, 128, 144),
    (119, 136, 153), (176, 196, 222), (143, 188, 143), (85, 107, 47), (128, 128, 105))

  private static func colours(_ channels: (UInt8, UInt8, UInt8)...) -> [Colour] {
    channels.map { Colour(red: $0.0, green: $0.1, blue: $0.2) }
  }
}
