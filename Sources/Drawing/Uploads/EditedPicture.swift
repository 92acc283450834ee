/// The picture for an edit: the uploads, with the prompt below or beside them. The placeholder shows through the part that was to be edited.
///
/// The uploads are whole and in their proportions. What they leave free is their own blurred backdrop.
package struct EditedPicture: Sendable {
  package var placeholder: Placeholder
  private let uploads: [Upload]
  private let mask: Upload?
  private let markup: Upload?

  /// - Parameters:
  ///   - uploads: the mask and the markup apply to the first one.
  ///   - mask: its transparent part was to be edited; nil if the whole upload was. It is stretched to the first upload.
  ///   - markup: drawn over the first upload and stretched to it.
  package init(_ placeholder: Placeholder, uploads: [Upload], mask: Upload? = nil, markup: Upload? = nil) {
    (self.placeholder, self.uploads, self.mask, self.markup) = (placeholder, uploads, mask, markup)
  }

  /// Draws the picture, after resizing the canvas to the description's size.
  package func draw(on canvas: inout Canvas, with textRenderer: TextRenderer) {
    let description = placeholder.description
    guard let first = uploads.first else { return placeholder.draw(on: &canvas, with: textRenderer) }
    canvas.resize(to: description.size)
    let (layout, area) = Layout.besideUploads(description.size, hasPrompt: !PlainText(description.prompt, limit: 16).scalars.isEmpty)
    let composition = Composition(placeholder, in: layout, tiles: &canvas.tiles, with: textRenderer)
    let mosaic = Mosaic(uploads.map(\.proportion), in: area, gap: Self.gap(in: layout))
    if mask != nil { canvas.drawBackground(of: composition) }
    Backdrop(of: first, on: description.size).draw(on: &canvas, around: mask == nil ? nil : mosaic.places[0])
    for (index, (upload, place)) in zip(uploads, mosaic.places).enumerated() {
      canvas.lay(upload, in: place, mask: index == 0 ? mask : nil) { pixel, kept in pixel * (kept + (1 - kept) * Self.uploadShare) }
      if index == 0, let markup { canvas.lay(markup, in: place) { pixel, _ in pixel } }
    }
    canvas.drawText(of: composition, ink: .light)
    canvas.reduce(to: description.stage)
  }

  /// Pixels between two uploads.
  static func gap(in layout: Layout) -> Int { max(1, layout.padding / 3) }

  /// The share of the upload in the part that a mask leaves to be edited; the placeholder has the rest.
  private static let uploadShare: Float = 0.35
}
