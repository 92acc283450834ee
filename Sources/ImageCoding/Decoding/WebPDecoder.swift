import CWebP

/// Decodes WebP, lossy or lossless, with or without alpha. Animations are rejected: none of their frames is *the* image.
///
/// libwebp itself reduces an image, row by row.
enum WebPDecoder {
  static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    let features = try features(of: file)
    let (width, height) = (Int(features.width), Int(features.height))
    // An animation's size is its canvas's, which libwebp would not decode anyway.
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

  /// As `WebPBitstreamFeatures` has it; 0 is a mixture, which only animations are.
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
        // Smoothing the edges of blocks takes a third of the time, and is invisible in a mean.
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
