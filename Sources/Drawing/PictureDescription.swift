/// Everything that determines an image: equal descriptions draw equal images.
public struct PictureDescription: Sendable, Hashable {
  public var prompt: String
  public var model: String
  public var size: PictureSize
  public var quality: Quality
  public var style: Style
  /// The index of the image among the images of one request, from 0.
  public var index: Int
  public var seed: UInt64
  /// Whether nothing is drawn behind text and pattern. The image then has an alpha channel.
  public var isTransparent: Bool
  /// The progress of drawing, for images that are shown before they are finished. It changes neither colours nor positions.
  public var completeness = RenderStage.finished

  public init(
    prompt: String, model: String, size: PictureSize, quality: Quality = .standard, style: Style = .vivid, index: Int = 0,
    seed: UInt64 = 0, isTransparent: Bool = false
  ) {
    self.prompt = prompt
    self.model = model
    self.size = size
    self.quality = quality
    self.style = style
    self.index = index
    self.seed = seed
    self.isTransparent = isTransparent
  }
}
