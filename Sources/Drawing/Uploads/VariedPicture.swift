/// The picture for a variation: the upload in other colours, under a pattern. Each index of a request has colours and a pattern of its own,
/// but light and dark stay in place, so that the upload is recognized at a glance.
package struct VariedPicture: Sendable {
  package var placeholder: Placeholder
  private let upload: Upload

  package init(_ placeholder: Placeholder, of upload: Upload) {
    let recipe = PictureRecipe(placeholder.description)
    self.placeholder = placeholder
    self.placeholder.background = .gradient(Gradient(from: recipe.colour, to: recipe.secondColour, recipe.direction))
    self.placeholder.pattern = recipe.pattern
    self.upload = upload
  }

  /// Draws the picture, after resizing the canvas to the description's size.
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    canvas.resize(to: placeholder.description.size)
    let composition = Composition(placeholder, tiles: &canvas.tiles, with: textRenderer)
    canvas.drawBackground(of: composition)
    let place = UploadGrid(count: 1, on: canvas.size).place(0, width: upload.width, height: upload.height)
    let recipe = PictureRecipe(placeholder.description)
    let (dark, light) = (Self.shade(recipe.colour, 0.25, towards: .dark), Self.shade(recipe.secondColour, 0.6, towards: .light))
    canvas.lay(upload, in: place) { pixel, _ in
      // Rec. 709's weights, applied to stored values: accurate enough for the eye.
      let brightness = 0.2126 * pixel.x + 0.7152 * pixel.y + 0.0722 * pixel.z
      let toned = dark * pixel.w + (light - dark) * brightness
      var mixed = toned * Self.tonedShare + pixel * (1 - Self.tonedShare)
      mixed.w = pixel.w
      return mixed * Self.uploadShare
    }
    canvas.drawText(of: composition, tone: .onAnything)
    canvas.reduce(to: placeholder.description.stage)
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
