/// Everything that a picture is derived from: equal descriptions draw equal pictures.
public struct PictureDescription: Sendable, Hashable {
  public var prompt: String
  public var model: String
  public var size: PictureSize
  public var quality: Quality
  public var style: Style
  /// Which of the images of one request this is, from 0.
  public var index: Int
  public var seed: UInt64
  /// Whether nothing is drawn behind text and pattern: the picture then has an alpha channel.
  public var isTransparent: Bool
  /// How far drawing has come, for pictures that are shown before they are finished. It changes no colour and no place.
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
