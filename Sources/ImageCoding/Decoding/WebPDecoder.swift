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
    let pixels = try pixels(of: file, reduction)
    let image = DecodedImage(
      width: reduction.width, height: reduction.height, hasAlpha: features.has_alpha != 0, pixels: pixels,
      originalSize: DecodedImage.Size(width: width, height: height))
    return image.upright(from: WebPChunks.orientation(of: file))
  }

  /// Values of `WebPBitstreamFeatures`; 0 is a mixture, which occurs only in animations.
  private enum Format {
    static let lossy: CInt = 1
  }

  private enum Cost {
    static let lossy = DecodingCost(perPixel: 4, perByte: 70)
    static let lossless = DecodingCost(perPixel: 8, perByte: 20)
  }

  private static func pixels(of file: Span<UInt8>, _ reduction: Reduction) throws(DecodingError) -> [UInt8] {
    var status = VP8_STATUS_OUT_OF_MEMORY
    let pixels = unsafe ImageDecoder.pixels(reduction.width, reduction.height) { pixels in
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
      status = unsafe file.withUnsafeBufferPointer { file in unsafe WebPDecode(file.baseAddress, file.count, &config) }
      return status == VP8_STATUS_OK
    }
    guard let pixels else { throw .broken(.webp, reason: reason(status)) }
    return pixels
  }

  private static func reason(_ status: VP8StatusCode) -> String {
    switch status {
    case VP8_STATUS_OUT_OF_MEMORY: "no memory is left"
    case VP8_STATUS_UNSUPPORTED_FEATURE: "it has a feature that is not supported"
    case VP8_STATUS_NOT_ENOUGH_DATA, VP8_STATUS_SUSPENDED: "it ends early"
    default: "its data is damaged"
    }
  }

  private static func features(of file: Span<UInt8>) throws(DecodingError) -> WebPBitstreamFeatures {
    var features = WebPBitstreamFeatures()
    let status = unsafe file.withUnsafeBufferPointer { unsafe WebPGetFeatures($0.baseAddress, $0.count, &features) }
    guard status == VP8_STATUS_OK else { throw .broken(.webp, reason: reason(status)) }
    return features
  }
}

/// The chunks of a WebP file (RFC 9649, section 2).
private enum WebPChunks {
  /// EXIF's orientation, 1 (upright) to 8. It counts only if the header of the extended format says that there is EXIF.
  static func orientation(of file: Span<UInt8>) -> Int {
    guard file.count >= 30, integer(file, at: 12) == extended, file[20] & hasEXIF != 0 else { return 1 }
    var offset = 12
    while offset + 8 <= file.count {
      let length = integer(file, at: offset + 4)
      if integer(file, at: offset) == exif, offset + 8 + length <= file.count {
        return EXIFOrientation.find(in: file.extracting(offset + 8..<offset + 8 + length)) ?? 1
      }
      // Chunks begin at even offsets.
      offset += 8 + length + length % 2
    }
    return 1
  }

  // The names as numbers, of which the first byte is the lowest: VP8X and EXIF.
  private static let extended = 0x5838_5056
  private static let exif = 0x4649_5845
  private static let hasEXIF: UInt8 = 1 << 3

  private static func integer(_ file: Span<UInt8>, at offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) } }
}
