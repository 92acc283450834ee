public import Drawing
import ImageCoding

/// The file format of an image and the format's parameters.
public struct Encoding: Sendable, Hashable {
  /// The file format.
  public var format: ImageFormat
  /// The quality of JPEG and WebP, from 0 (smallest file) to 100 (best quality), like the API's `output_compression`. Ignored by other formats.
  public var compression: Int
  /// The animation of GIF or WebP; nil for a still image. Ignored by other formats.
  public var animation: Animation?

  /// - Parameters:
  ///   - format: the file format.
  ///   - compression: the quality of JPEG and WebP, clamped to 0 to 100.
  ///   - animation: the animation of GIF or WebP; nil for a still image.
  public init(_ format: ImageFormat, compression: Int = 100, animation: Animation? = nil) {
    self.format = format
    self.compression = min(max(compression, 0), 100)
    self.animation = animation
  }

  /// PNG, which has no parameters.
  public static let png = Encoding(.png)

  /// A sequence of frames that repeats forever.
  public struct Animation: Sendable, Hashable {
    /// The number of frames, 2 to 16.
    public let frameCount: Int
    /// The duration of each frame in milliseconds: a multiple of 10, which is GIF's resolution.
    public let frameDuration: Int
    /// What moves.
    public let motion: Motion

    /// - Parameters:
    ///   - frameCount: clamped to 2 to 16.
    ///   - frameDuration: in milliseconds; rounded to 10, and clamped to GIF's range: 10 to 655,350.
    ///   - motion: what moves.
    public init(frameCount: Int = 9, frameDuration: Int = 200, motion: Motion = .drift) {
      self.frameCount = min(max(frameCount, 2), 16)
      self.frameDuration = (min(max(frameDuration, 10), 655_350) + 5) / 10 * 10
      self.motion = motion
    }
  }
}

/// An encoder of a file with several frames.
protocol FrameEncoder: ~Copyable {
  /// Adds a frame.
  mutating func add(_ rows: Span<UInt8>) throws(EncodingFailure)
  /// The whole file.
  consuming func finish() throws(EncodingFailure) -> [UInt8]
}

extension GIFEncoder: FrameEncoder {}
extension WebPAnimationEncoder: FrameEncoder {}
