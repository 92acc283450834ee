package import Drawing

/// What latency depends on: the images that a request asks for.
package struct ImageWork: Sendable, Equatable {
  package var model: String
  /// As the request said it: "hd", "medium", …; "auto" where it said nothing.
  package var quality: String
  package var size: PictureSize
  package var count: Int

  package init(model: String, quality: String, size: PictureSize, count: Int) {
    self.model = model
    self.quality = quality
    self.size = size
    self.count = count
  }
}
