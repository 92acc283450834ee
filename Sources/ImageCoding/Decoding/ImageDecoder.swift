/// Files that someone sent to pixels, whatever they are: nothing is decoded, and no memory taken for it, before the size is known.
package enum ImageDecoder {
  /// Of one picture: 64 MiB once decoded, where it is decoded whole.
  package static let maximumPixels = 4096 * 4096
  /// Beyond it, a picture of few pixels is still rows by the thousand.
  package static let maximumSide = 16384

  /// Decodes a PNG, JPEG or WebP file, told apart by their first bytes.
  ///
  /// - Parameter limit: how many pixels to reduce it to, at least 1.
  package static func decode(_ file: Span<UInt8>, toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    let image =
      switch UploadFormat(file) {
      case .png: try PNGDecoder.decode(file)
      case .jpeg: try JPEGDecoder.decode(file, toPixels: limit)
      case .webp: try WebPDecoder.decode(file)
      case nil: throw DecodingError.notAnImage
      }
    return image.reduced(toPixels: limit)
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
