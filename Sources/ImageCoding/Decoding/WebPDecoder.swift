import CWebP

/// WebP, lossy or lossless, with alpha or without. Animations are refused: none of their frames is *the* picture.
enum WebPDecoder {
  static func decode(_ file: Span<UInt8>) throws(DecodingError) -> DecodedImage {
    let features = try features(of: file)
    let (width, height) = (Int(features.width), Int(features.height))
    // An animation's size is its canvas's, which libwebp would not decode anyway.
    guard features.has_animation == 0 else { throw .animated(.webp) }
    try ImageDecoder.check(width: width, height: height, of: .webp)
    let pixels = unsafe ImageDecoder.pixels(width, height) { pixels in
      unsafe file.withUnsafeBufferPointer { file in
        unsafe WebPDecodeRGBAInto(file.baseAddress, file.count, pixels.baseAddress, pixels.count, CInt(4 * width)) != nil
      }
    }
    guard let pixels else { throw .broken(.webp) }
    return DecodedImage(width: width, height: height, hasAlpha: features.has_alpha != 0, pixels: pixels)
  }

  private static func features(of file: Span<UInt8>) throws(DecodingError) -> WebPBitstreamFeatures {
    var features = WebPBitstreamFeatures()
    let status = unsafe file.withUnsafeBufferPointer { unsafe WebPGetFeatures($0.baseAddress, $0.count, &features) }
    guard status == VP8_STATUS_OK else { throw .broken(.webp) }
    return features
  }
}
