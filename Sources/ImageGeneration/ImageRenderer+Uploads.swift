package import Drawing
package import ImageCoding

extension ImageRenderer {
  /// Draws what an edit of uploads shows: each upload whole, the edited part blended with the placeholder of that description, and the
  /// prompt on top.
  ///
  /// - Parameters:
  ///   - uploads: 1 to 16, the one that the mask is for first; none where an upload was no picture and that is to pass.
  ///   - mask: whose transparent part was to be edited; nil: all of the first upload.
  ///   - markup: laid over the first upload.
  /// - Returns: a file of the encoding's format, opaque.
  package func createEdit(
    _ description: PictureDescription, of uploads: [DecodedImage], mask: DecodedImage? = nil, markup: DecodedImage? = nil,
    as encoding: Encoding = .png
  ) throws(EncodingFailed) -> [UInt8] {
    let picture = EditedPicture(
      Placeholder(description, timestamp: timestamp), uploads: uploads.map(Upload.init), mask: mask.map(Upload.init),
      markup: markup.map(Upload.init))
    return try create(description, as: encoding) { moment, canvas, textRenderer in
      var picture = picture
      picture.placeholder.frame = moment
      picture.draw(on: &canvas, with: textRenderer)
    }
  }

  /// Draws a variation of an upload: in other colours for each index of the description, under a pattern.
  /// - Returns: a file of the encoding's format, opaque.
  package func createVariation(
    _ description: PictureDescription, of upload: DecodedImage, as encoding: Encoding = .png
  ) throws(EncodingFailed) -> [UInt8] {
    let picture = VariedPicture(Placeholder(description, timestamp: timestamp), of: Upload(upload))
    return try create(description, as: encoding) { moment, canvas, textRenderer in
      var picture = picture
      picture.placeholder.frame = moment
      picture.draw(on: &canvas, with: textRenderer)
    }
  }
}

extension Upload {
  fileprivate init(_ image: DecodedImage) { self.init(width: image.width, height: image.height, pixels: image.pixels) }
}
