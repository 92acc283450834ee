/// Decodes untrusted files to pixels. Nothing is decoded, and no memory allocated for it, before the size is known.
package enum ImageDecoder {
  /// The maximum of an image, sufficient for phone cameras and panoramas.
  package static let maximumPixels = 8192 * 8192
  /// The maximum of an image that its library keeps in memory as a whole, which then takes 64 MiB; all others are decoded row by row.
  package static let maximumPixelsInMemory = 4096 * 4096
  /// Beyond it, even an image with few pixels has thousands of rows.
  package static let maximumSide = 32768

  /// Decodes a PNG, JPEG or WebP file, identified by its first bytes.
  ///
  /// - Parameters:
  ///   - limit: the maximum number of pixels after reduction, at least 1.
  ///   - allowance: the work that this file and others may take, from which this file's cost is subtracted.
  package static func decode(
    _ file: Span<UInt8>, toPixels limit: Int, allowance: inout DecodingAllowance
  ) throws(DecodingError) -> DecodedImage {
    switch UploadFormat(file) {
    case .png: return try PNGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .jpeg: return try JPEGDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case .webp: return try WebPDecoder.decode(file, toPixels: limit, allowance: &allowance)
    case nil: throw DecodingError.notAnImage
    }
  }

  /// Decodes a single file.
  package static func decode(_ file: Span<UInt8>, toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    var allowance = DecodingAllowance.unlimited
    return try decode(file, toPixels: limit, allowance: &allowance)
  }

  /// Rejects a size that is too large.
  static func check(width: Int, height: Int, of format: UploadFormat) throws(DecodingError) {
    guard width > 0, height > 0 else { throw .broken(format) }
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
  }

  /// Creates the pixels of an image, which `fill` writes; nil if it returns false.
  static func pixels(_ width: Int, _ height: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Bool) -> [UInt8]? {
    let count = 4 * width * height
    var isFilled = false
    // Not zeroed: the decoder writes all of it, and if it fails, the array is discarded.
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      isFilled = unsafe fill(buffer)
      initialised = isFilled ? count : 0
    }
    return isFilled ? pixels : nil
  }
}
