import CWebP

/// Encodes rows of pixels as an animated WebP file, by libwebp and libwebpmux.
///
/// A frame of the file is the smallest rectangle around the pixels that differ from the frame before, and pixels in it that do not differ
/// are transparent. A frame that equals the one before only makes that one longer, so the file may have fewer frames than were added.
@safe
package struct WebPAnimationEncoder: ~Copyable {
  private let width: Int
  private let height: Int
  private let hasAlpha: Bool
  private let frameDuration: Int
  private let metadata: String
  private let encoder: OpaquePointer
  private var config: WebPConfig
  /// The number of frames so far.
  private var count = 0

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - width, height: the size of every frame in pixels, each up to ``WebPEncoder/maximumSide``.
  ///   - hasAlpha: whether the rows have alpha.
  ///   - quality: 0 to 100, on libwebp's scale; alpha is lossless.
  ///   - frameDuration: the duration of a frame in milliseconds, 1 to 2²⁰. The animation repeats forever.
  ///   - metadata: an XMP packet.
  package init(
    width: Int, height: Int, hasAlpha: Bool = false, quality: Int, frameDuration: Int, metadata: String = ""
  ) throws(EncodingFailure) {
    let sides = 1...WebPEncoder.maximumSide
    guard sides.contains(width), sides.contains(height), (1...1 << 20).contains(frameDuration) else {
      throw EncodingFailure(reason: "WebP: no such size or duration")
    }
    // Most frames have alpha, which method 0 writes many times as large.
    let config = try WebPEncoder.configuration(quality: quality, hasAlpha: true)
    var options = WebPAnimEncoderOptions()
    guard unsafe WebPAnimEncoderOptionsInit(&options) != 0 else { throw EncodingFailure(reason: "WebP: another version of libwebpmux") }
    guard let encoder = unsafe WebPAnimEncoderNew(CInt(width), CInt(height), &options) else {
      throw EncodingFailure(reason: "WebP: no memory")
    }
    (self.width, self.height, self.hasAlpha) = (width, height, hasAlpha)
    (self.frameDuration, self.metadata, self.config) = (frameDuration, metadata, config)
    unsafe self.encoder = encoder
  }

  deinit { unsafe WebPAnimEncoderDelete(encoder) }

  /// Adds a frame.
  ///
  /// - Parameter rows: `height` rows of 1 + 3·`width` bytes, or 1 + 4·`width` with alpha; the first byte of each, PNG's filter byte, is
  ///   ignored.
  package mutating func add(_ rows: Span<UInt8>) throws(EncodingFailure) {
    let time = CInt(count * frameDuration)
    var picture = try unsafe WebPEncoder.picture(of: rows, width: width, height: height, hasAlpha: hasAlpha, isARGB: true)
    defer { unsafe WebPPictureFree(&picture) }
    guard unsafe WebPAnimEncoderAdd(encoder, &picture, time, &config) != 0 else { throw failure }
    count += 1
  }

  /// The whole file.
  package consuming func finish() throws(EncodingFailure) -> [UInt8] {
    // The end of the last frame.
    guard unsafe WebPAnimEncoderAdd(encoder, nil, CInt(count * frameDuration), nil) != 0 else { throw failure }
    var file = unsafe WebPData()
    defer { unsafe WebPDataClear(&file) }
    guard unsafe WebPAnimEncoderAssemble(encoder, &file) != 0 else { throw failure }
    let bytes = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
    return metadata.isEmpty ? bytes : try WebPEncoder.adding(Array(metadata.utf8), to: bytes)
  }

  private var failure: EncodingFailure { unsafe EncodingFailure(reason: "WebP: \(String(cString: WebPAnimEncoderGetError(encoder)))") }
}
