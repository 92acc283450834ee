/// Why a file that someone sent is not taken for a picture.
package enum DecodingError: Error, Equatable {
  /// It is none of the formats that are read, whatever its name or media type says.
  case notAnImage
  /// It says that it is larger than is decoded; nothing of it was.
  case tooLarge(width: Int, height: Int)
  /// It is more work than is left for it; none was done.
  case tooMuchWork(milliseconds: Int, left: Int)
  /// It is of that format, but damaged or cut short.
  case broken(UploadFormat)
  /// It holds several pictures, of which none is *the* picture.
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
