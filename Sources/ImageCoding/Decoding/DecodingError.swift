/// Why an uploaded file cannot be decoded.
package enum DecodingError: Error, Equatable {
  /// Its content has none of the supported formats, whatever its name or media type says.
  case notAnImage
  /// It is larger than the maximum, according to its header; nothing was decoded.
  case tooLarge(width: Int, height: Int)
  /// It would take more work than is left; none was done.
  case tooMuchWork(milliseconds: Int, left: Int)
  /// It has that format, but is damaged or truncated.
  case broken(UploadFormat)
  /// It has several frames, none of which is *the* image.
  case animated(UploadFormat)
}

extension DecodingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAnImage: "not a PNG, JPEG or WebP file"
    case .tooLarge(let width, let height):
      "\(width)x\(height) pixels; at most \(ImageDecoder.maximumPixels) pixels and \(ImageDecoder.maximumSide) a side are accepted, and "
        + "\(ImageDecoder.maximumPixelsInMemory) pixels for a lossless or transparent WebP or a progressive JPEG"
    case .tooMuchWork(let milliseconds, let left):
      "\(milliseconds) ms to decode, and \(left) ms are left for the images of this request"
    case .broken(let format): "a damaged or truncated \(format.name) file"
    case .animated(let format): "an animated \(format.name) file; only still images are accepted"
    }
  }
}
