public import Drawing
package import ImageCoding

/// How much larger an upscale makes a picture.
public enum Enlargement: Sendable, Hashable {
  /// Multiplies both sides by one of ``factors``, and rounds them.
  case factor(Double)
  /// Enlarges to this size, which has the picture's proportions and is at least as large.
  case size(PictureSize)

  /// The allowed factors.
  public static let factors = 2.0...4.0

  /// The size of an enlarged picture: at most ``PictureSize/maximumSide`` a side.
  ///
  /// The picture may have a quarter of the pixels of the largest result. Larger uploads are reduced as they are decoded, and enlarging a reduced
  /// picture is of no use.
  ///
  /// - Throws: ``ImageGenerationError/invalidArgument(name:value:allowed:)`` for `image`, `scale` or `size`.
  package func size(of picture: DecodedImage) throws(ImageGenerationError) -> PictureSize {
    let old = picture.originalSize
    guard picture.width == old.width, picture.height == old.height else {
      throw .invalidArgument(name: "image", value: old.description, allowed: "at most \(SourceImages.mostPixels) pixels")
    }
    switch self {
    case .factor(let factor):
      guard Self.factors.contains(factor) else { throw .invalidArgument(name: "scale", value: "\(factor)", allowed: "2 to 4") }
      func scaled(_ side: Int) -> Int { Int((Double(side) * factor).rounded()) }
      guard let size = PictureSize(width: scaled(old.width), height: scaled(old.height)) else {
        let most = PictureSize.maximumSide
        throw .invalidArgument(name: "scale", value: "\(factor)", allowed: "a factor that makes \(old) no larger than \(most)x\(most)")
      }
      return size
    case .size(let size):
      guard size.width >= old.width, size.height >= old.height else {
        throw .invalidArgument(name: "size", value: size.description, allowed: "at least the image's own, \(old)")
      }
      // One side is the other's, rounded.
      guard 2 * abs(size.width * old.height - size.height * old.width) <= max(old.width, old.height) else {
        throw .invalidArgument(name: "size", value: size.description, allowed: "a size with the proportions of the image, \(old)")
      }
      return size
    }
  }
}

extension ImageGenerator {
  /// Enlarges a picture by Lanczos' filter, without storing the result.
  ///
  /// ```swift
  /// let large = try generator.upscale(file, by: .factor(3), encoding: Encoding(.webp))
  /// ```
  ///
  /// - Parameters:
  ///   - file: a PNG, JPEG or WebP file.
  ///   - enlargement: by default, twice as wide and high.
  ///   - encoding: the file format and its parameters.
  /// - Returns: a file of that format. Transparent pixels stay transparent, but show white in JPEG.
  /// - Throws: ``ImageGenerationError/unusableUpload(_:reason:)``, ``ImageGenerationError/encodingFailed(reason:)``, or
  ///   ``ImageGenerationError/invalidArgument(name:value:allowed:)`` for a result that is too large or too small.
  public func upscale(
    _ file: [UInt8], by enlargement: Enlargement = .factor(2), encoding: Encoding = .png
  ) throws(ImageGenerationError) -> [UInt8] {
    try renderer.upscale(file, by: enlargement, encoding: encoding)
  }
}

extension ImageRenderer {
  /// Enlarges a picture, as ``ImageGenerator/upscale(_:by:encoding:)`` does.
  public func upscale(
    _ file: [UInt8], by enlargement: Enlargement = .factor(2), encoding: Encoding = .png
  ) throws(ImageGenerationError) -> [UInt8] {
    let sources = try SourceImages(images: [file])
    let size = try enlargement.size(of: sources.images[0])
    return try image(of: ImageJob(.upscale, prompt: "", model: "lanczos", size: size, encoding: encoding), sources: sources)
  }
}
