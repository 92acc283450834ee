/// What an edit shows: the uploads, with the placeholder shining through where they were to be edited, and the prompt on top.
///
/// One upload fills as much of the picture as its proportions allow; several stand in a grid. What they leave free is the placeholder's.
package struct EditedPicture: Sendable {
  package var placeholder: Placeholder
  private let uploads: [Upload]
  private let mask: Upload?
  private let markup: Upload?

  /// - Parameters:
  ///   - uploads: the first is what the mask and the markup are for.
  ///   - mask: its transparent part is what was to be edited; all is where there is none. Stretched to the first upload.
  ///   - markup: laid over the first upload, stretched to it.
  package init(_ placeholder: Placeholder, uploads: [Upload], mask: Upload? = nil, markup: Upload? = nil) {
    (self.placeholder, self.uploads, self.mask, self.markup) = (placeholder, uploads, mask, markup)
  }

  /// Draws all of it, on a canvas that takes the description's size.
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

  /// Of the edited part: as much of the upload as of what replaces it.
  private static let uploadShare: Float = 0.5
}
