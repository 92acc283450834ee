/// Files that someone sent to pixels, whatever they are: nothing is decoded, and no memory taken for it, before the size is known.
package enum ImageDecoder {
  /// Of one picture: what phones take, and panoramas.
  package static let maximumPixels = 8192 * 8192
  /// Of one that its library has in memory as a whole, which is then 64 MiB; all others come row by row.
  package static let maximumPixelsInMemory = 4096 * 4096
  /// Beyond it, a picture of few pixels is still rows by the thousand.
  package static let maximumSide = 32768

  /// Decodes a PNG, JPEG or WebP file, told apart by their first bytes.
  ///
  /// - Parameters:
  ///   - limit: how many pixels to reduce it to, at least 1.
  ///   - allowance: what the file and others may cost, of which this one's cost goes.
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

  /// Decodes a file on its own.
  package static func decode(_ file: Span<UInt8>, toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    var allowance = DecodingAllowance.unlimited
    return try decode(file, toPixels: limit, allowance: &allowance)
  }

  /// Refuses a size that is not decoded.
  static func check(width: Int, height: Int, of format: UploadFormat) throws(DecodingError) {
    guard width > 0, height > 0 else { throw .broken(format) }
    guard width <= maximumSide, height <= maximumSide, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height)
    }
  }

  /// Makes the pixels of a picture, which `fill` writes; nil where it returns false.
  static func pixels(_ width: Int, _ height: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Bool) -> [UInt8]? {
    let count = 4 * width * height
    var isFilled = false
    // Not zeroed: the decoder writes all of it, and what it leaves when it fails goes with the array.
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      isFilled = unsafe fill(buffer)
      initialised = isFilled ? count : 0
    }
    return isFilled ? pixels : nil
  }
}
