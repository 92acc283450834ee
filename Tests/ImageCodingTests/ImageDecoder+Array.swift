import ImageCoding

extension ImageDecoder {
  static func decode(_ file: [UInt8], toPixels limit: Int = .max) throws(DecodingError) -> DecodedImage {
    try decode(file.span, toPixels: limit)
  }
}

extension DecodingError {
  /// Whether the file is damaged, whatever the decoder's words are.
  func isBroken(_ format: UploadFormat) -> Bool {
    guard case .broken(format, let reason) = self else { return false }
    return !reason.isEmpty && description.utf8.allSatisfy { (32...126).contains($0) }
  }
}
