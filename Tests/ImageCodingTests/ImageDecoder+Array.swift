import ImageCoding

extension ImageDecoder {
  static func decode(_ file: [UInt8], toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    try decode(file.span, toPixels: limit)
  }
}
