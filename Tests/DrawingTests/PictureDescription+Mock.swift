@testable import Drawing

extension PictureDescription {
  static func mock(
    _ prompt: String = "A serene lake at sunset", model: String = "dall-e-3", size: String = "256x256", quality: Quality = .standard,
    style: Style = .vivid, index: Int = 0, seed: UInt64 = 0, isTransparent: Bool = false,
    pattern: Pattern? = nil
  ) -> PictureDescription {
    guard let size = PictureSize(size) else { preconditionFailure("\(size) is no size") }
    var description = PictureDescription(
      prompt: prompt, model: model, size: size, quality: quality, style: style, index: index, seed: seed, isTransparent: isTransparent)
    description.pattern = pattern
    return description
  }
}

extension Placeholder {
  static let timestamp = "2026-08-01 12:34:56"

  /// - Parameter background: nil for the background that the recipe chooses.
  static func mock(_ description: PictureDescription, on background: Colour? = nil) -> Placeholder {
    var placeholder = Placeholder(description, timestamp: timestamp)
    if let background { placeholder.background = .solid(background) }
    return placeholder
  }
}

extension TextRenderer {
  /// A renderer with a font, if one is installed, and one without.
  static func all() -> [(name: String, textRenderer: TextRenderer)] {
    [("built in", TextRenderer(FontStack(font: nil, folders: [])))] + (Font.find().map { [("font", TextRenderer(font: $0))] } ?? [])
  }
}
