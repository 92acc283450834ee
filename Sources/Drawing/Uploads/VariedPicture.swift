/// The picture for a variation: the upload in other colours, under a pattern. Each index of a request has colours and a pattern of its own,
/// but light and dark stay in place, so that the upload is recognized at a glance.
package struct VariedPicture: Sendable {
  package var placeholder: Placeholder
  private let upload: Upload
  /// The colours of black and white.
  private let dark: SIMD4<Float>
  private let light: SIMD4<Float>

  package init(_ placeholder: Placeholder, of upload: Upload) {
    let recipe = placeholder.recipe
    self.placeholder = placeholder
    self.placeholder.background = .gradient(Scheme.gradient(from: recipe.colour, to: recipe.secondColour, recipe.direction))
    self.placeholder.pattern = recipe.pattern
    self.upload = upload
    dark = Self.shade(recipe.colour, 0.25, towards: .dark)
    light = Self.shade(recipe.secondColour, 0.6, towards: .light)
  }

  /// Draws the picture, after resizing the canvas to the description's size.
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    let size = placeholder.description.size
    canvas.resize(to: size)
    let (layout, area) = Layout.besideUploads(size, hasPrompt: false)
    let composition = Composition(placeholder, in: layout, tiles: &canvas.tiles, with: textRenderer)
    let place = Mosaic([upload.proportion], in: area, gap: 0).places[0]
    canvas.drawBackground(of: composition)
    Backdrop(of: upload, on: size).draw(on: &canvas, around: place, change: toned)
    canvas.lay(upload, in: place) { pixel, _ in toned(pixel) * Self.uploadShare }
    canvas.drawText(of: composition, ink: .light)
    canvas.reduce(to: placeholder.description.stage)
  }

  /// A premultiplied pixel in the two colours of the variation.
  private func toned(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
    // Rec. 709's weights, applied to stored values: accurate enough for the eye.
    let brightness = 0.2126 * pixel.x + 0.7152 * pixel.y + 0.0722 * pixel.z
    var mixed = (dark * pixel.w + (light - dark) * brightness) * Self.tonedShare + pixel * (1 - Self.tonedShare)
    mixed.w = pixel.w
    return mixed
  }

  private static func shade(_ colour: Colour, _ share: Float, towards ink: Ink) -> SIMD4<Float> {
    let mixed = colour.under(ink, opacity: Opacity(share))
    return SIMD4(Float(mixed.red), Float(mixed.green), Float(mixed.blue), 255) / 255
  }

  /// The share of the toned colours; the upload's own colours have the rest.
  private static let tonedShare: Float = 0.75
  /// The opacity of the upload over the pattern.
  private static let uploadShare: Float = 0.8
}
