import ImageCoding

/// An encoder of a file with several frames.
protocol FrameEncoder: ~Copyable {
  /// Adds a frame.
  mutating func add(_ rows: Span<UInt8>) throws(EncodingFailure)
  /// The whole file.
  consuming func finish() throws(EncodingFailure) -> [UInt8]
}

extension GIFEncoder: FrameEncoder {}
extension WebPAnimationEncoder: FrameEncoder {}
