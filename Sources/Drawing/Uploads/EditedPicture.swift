/// The picture for an edit: the uploads with the prompt on top. The placeholder shows through the part that was to be edited.
///
/// One upload fills as much of the picture as its proportions allow. Several stand in a grid. The placeholder fills the rest.
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
    canvas.resize(to: placeholder.description.size)
    let composition = Composition(placeholder, tiles: &canvas.tiles, with: textRenderer)
    canvas.drawBackground(of: composition)
    if !uploads.isEmpty {
      let grid = UploadGrid(count: uploads.count, on: canvas.size)
      for (index, upload) in uploads.enumerated() {
        let place = grid.place(index, width: upload.width, height: upload.height)
        canvas.lay(upload, in: place, mask: index == 0 ? mask : nil) { pixel, kept in
          pixel * (kept + (1 - kept) * Self.uploadShare)
        }
        if index == 0, let markup { canvas.lay(markup, in: place) { pixel, _ in pixel } }
      }
    }
    canvas.drawText(of: composition, tone: .onAnything)
    canvas.reduce(to: placeholder.description.stage)
  }

  /// The share of the upload in the edited part; the placeholder has the rest.
  private static let uploadShare: Float = 0.5
}
