public import Drawing
public import ImageStore

/// How a generated image is delivered.
public enum ResponseFormat: String, Sendable, Hashable, CaseIterable {
  /// Kept in the store and served under `/images/<id>.png` (or the extension of another format).
  case url
  /// Returned in the response and not kept.
  case base64 = "b64_json"
}

/// One generated image.
public enum GeneratedImage: Sendable, Equatable {
  /// Kept in the store under this ID.
  case stored(ImageID)
  /// A file of the requested format, not kept.
  case file([UInt8])
}

extension ImageGenerator {
  /// Generates images with the parameters of OpenAI's `images.generate`.
  ///
  /// ``generate(_:count:sources:)`` and ``files(of:count:sources:)`` do the same with an ``ImageJob``, and also edit and vary images.
  ///
  /// - Parameters:
  ///   - prompt: the text to draw.
  ///   - size: width and height in pixels.
  ///   - quality: the amount of detail.
  ///   - style: the palette.
  ///   - n: the number of images, 1 to 10.
  ///   - responseFormat: whether the images are kept, or returned as files.
  ///   - model: any text; it appears in the watermark.
  ///   - seed: another seed gives other images of the same prompt.
  ///   - isTransparent: whether the background is left out. Ignored by JPEG.
  ///   - encoding: the file format and its parameters.
  /// - Returns: one entry per image, in order.
  /// - Throws: what ``files(of:count:sources:)`` and ``store(_:format:)`` throw.
  public func generate(
    prompt: String, size: PictureSize = .square1024, quality: Quality = .standard, style: Style = .vivid, n: Int = 1,
    responseFormat: ResponseFormat = .url, model: String = "dall-e-3", seed: UInt64 = 0, isTransparent: Bool = false,
    encoding: Encoding = .png
  ) throws(ImageGenerationError) -> [GeneratedImage] {
    try Self.check(n, name: "n")
    let job = ImageJob(
      prompt: prompt, model: model, size: size, quality: quality, style: style, seed: seed, isTransparent: isTransparent,
      encoding: encoding)
    return switch responseFormat {
    case .url: try generate(job, count: n).map { .stored($0) }
    case .base64: try files(of: job, count: n).map { .file($0) }
    }
  }
}
