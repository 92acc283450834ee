import CWebP

/// Decodes WebP, lossy or lossless, with or without alpha. Animations are refused: none of their frames is *the* picture.
///
/// libwebp scales a picture that is too large, row by row.
enum WebPDecoder {
  static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    let features = try features(of: file)
    let (width, height) = (Int(features.width), Int(features.height))
    // Animations are refused first: the size of one is that of its canvas, which libwebp would not decode anyway.
    guard features.has_animation == 0 else { throw .animated(.webp) }
    try ImageDecoder.check(width: width, height: height, of: .webp)
    let isLossy = features.format == Format.lossy && features.has_alpha == 0
    guard isLossy || width * height <= ImageDecoder.maximumPixelsInMemory else { throw .tooLarge(width: width, height: height) }
    try allowance.spend(isLossy ? Cost.lossy : Cost.lossless, on: width * height, file.count)
    let reduction = Reduction(width: width, height: height, toPixels: limit)
    guard let pixels = pixels(of: file, reduction) else { throw .broken(.webp) }
    return DecodedImage(
      width: reduction.width, height: reduction.height, hasAlpha: features.has_alpha != 0, pixels: pixels,
      originalSize: DecodedImage.Size(width: width, height: height))
  }

  /// Values of `WebPBitstreamFeatures`; 0 is a mixture, which occurs only in animations.
  private enum Format {
    static let lossy: CInt = 1
  }

  private enum Cost {
    static let lossy = DecodingCost(perPixel: 4, perByte: 70)
    static let lossless = DecodingCost(perPixel: 8, perByte: 20)
  }

  private static func pixels(of file: Span<UInt8>, _ reduction: Reduction) -> [UInt8]? {
    unsafe ImageDecoder.pixels(reduction.width, reduction.height) { pixels in
      var config = unsafe WebPDecoderConfig()
      guard unsafe WebPInitDecoderConfig(&config) != 0 else { return false }
      if reduction.side > 1 {
        unsafe config.options.use_scaling = 1
        // The filter that smooths the edges of blocks takes a third of the time, and a mean does not show its effect.
        unsafe config.options.bypass_filtering = 1
        unsafe config.options.no_fancy_upsampling = 1
        unsafe config.options.scaled_width = CInt(reduction.width)
        unsafe config.options.scaled_height = CInt(reduction.height)
      }
      unsafe config.output.colorspace = MODE_RGBA
      unsafe config.output.is_external_memory = 1
      unsafe config.output.u.RGBA = WebPRGBABuffer(rgba: pixels.baseAddress, stride: CInt(4 * reduction.width), size: pixels.count)
      return unsafe file.withUnsafeBufferPointer { file in
        unsafe WebPDecode(file.baseAddress, file.count, &config) == VP8_STATUS_OK
      }
    }
  }

  private static func features(of file: Span<UInt8>) throws(DecodingError) -> WebPBitstreamFeatures {
    var features = WebPBitstreamFeatures()
    let status = unsafe file.withUnsafeBufferPointer { unsafe WebPGetFeatures($0.baseAddress, $0.count, &features) }
    guard status == VP8_STATUS_OK else { throw .broken(.webp) }
    return features
  }
}
