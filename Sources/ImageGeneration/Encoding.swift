/// How a picture is written down: its format, and what that leaves open.
public struct Encoding: Sendable, Hashable {
  public var format: ImageFormat
  /// Of JPEG and WebP, 0 (fewest bytes) to 100 (most like the picture), as the API's `output_compression`. Of no consequence for other
  /// formats.
  public var compression: Int
  /// Of GIF; nil for a picture that stands still. Of no consequence for other formats.
  public var animation: Animation?

  public init(_ format: ImageFormat, compression: Int = 100, animation: Animation? = nil) {
    self.format = format
    self.compression = min(max(compression, 0), 100)
    self.animation = animation
  }

  public static let png = Encoding(.png)

  /// Pictures that are shown in turn, over and over.
  public struct Animation: Sendable, Hashable {
    /// 2 to 16.
    public let frameCount: Int
    /// How long each is shown, in milliseconds: a multiple of 10, which is as fine as GIF tells.
    public let frameDuration: Int

    /// - Parameters:
    ///   - frameCount: what is outside 2 to 16 counts as the nearer end.
    ///   - frameDuration: in milliseconds; rounded to 10, and to what GIF can tell: 10 to 655,350.
    public init(frameCount: Int = 9, frameDuration: Int = 200) {
      self.frameCount = min(max(frameCount, 2), 16)
      self.frameDuration = (min(max(frameDuration, 10), 655_350) + 5) / 10 * 10
    }
  }
}
