import ImageCoding

extension ImageDecoder {
  static func decode(_ file: [UInt8]) throws(DecodingError) -> DecodedImage { try decode(file.span) }
}
