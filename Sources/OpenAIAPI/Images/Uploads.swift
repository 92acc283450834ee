import ImageCoding
import ImageGeneration

/// Decodes the images of a request.
enum Uploads {
  /// Bytes of the largest file that dall-e-2 accepts.
  private static let largestSquarePNG = 4 << 20

  /// Decodes the files one after the other. Images given by URL or file ID are skipped. Files that are not images or take too much work are
  /// skipped too, unless `isStrict` is set.
  ///
  /// - Parameter skipped: what was skipped, and why: `image[1] (not an image)`.
  ///
  /// Takes milliseconds per megapixel, so it runs on the renderer thread.
  static func decode(
    _ inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool, allowance: DecodingAllowance = SourceImages.allowance,
    skipped: inout [String]
  ) throws(APIError) -> SourceImages {
    var sources = SourceImages()
    let count = inputs.images.count + [inputs.mask, inputs.markup].count { $0 != nil }
    guard count > 0 else { return sources }
    var files = UploadedFiles(count: count, isStrict: isStrict, allowance: allowance)
    defer { skipped += files.skipped }
    var firstSize: DecodedImage.Size?
    for (index, input) in inputs.images.enumerated() {
      let refusal = rules.wantsSquarePNG ? APIError.noSmallPNG : .unreadableImage(index + 1)
      let image = try files.decode(input, named: "image[\(index)]", orThrow: refusal) { file, image in
        !rules.wantsSquarePNG || isSmallSquarePNG(file, image)
      }
      if sources.images.isEmpty { firstSize = image?.originalSize }
      if let image { sources.images.append(image) }
    }
    if let mask = try files.decode(inputs.mask, named: "mask", orThrow: .unreadableMask) {
      let problem = problem(of: mask, onImageOf: firstSize)
      if let problem, isStrict { throw problem }
      if let problem { files.skip("mask", problem.message) } else { sources.mask = mask }
    }
    sources.markup = try files.decode(inputs.markup, named: "markup", orThrow: .unreadableMarkup)
    return sources
  }

  static func decode(
    _ inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool, allowance: DecodingAllowance = SourceImages.allowance
  ) throws(APIError) -> SourceImages {
    var skipped: [String] = []
    return try decode(inputs, rules, isStrict: isStrict, allowance: allowance, skipped: &skipped)
  }

  private static func isSmallSquarePNG(_ file: Span<UInt8>, _ image: DecodedImage) -> Bool {
    image.originalSize.width == image.originalSize.height && UploadFormat(file) == .png && file.count < largestSquarePNG
  }

  /// The error for a mask that does not fit an image of that size; nil if it fits or if there is no image.
  private static func problem(of mask: DecodedImage, onImageOf size: DecodedImage.Size?) -> APIError? {
    guard mask.hasAlpha else { return .maskWithoutAlpha }
    guard let size else { return nil }
    return mask.originalSize == size ? nil : .maskOfOtherSize
  }
}

/// Decodes the files of a request within a common limit of pixels and of work.
private struct UploadedFiles {
  private let pixelsEach: Int
  private let isStrict: Bool
  private var allowance: DecodingAllowance
  private(set) var skipped: [String] = []

  init(count: Int, isStrict: Bool, allowance: DecodingAllowance) {
    pixelsEach = SourceImages.mostPixels / max(count, 1)
    (self.isStrict, self.allowance) = (isStrict, allowance)
  }

  /// Decodes a file; nil for an image given by URL or file ID. The decoded bytes of a `data:` URL are freed when this returns.
  ///
  /// - Parameter isFit: a further requirement, which only a strict profile checks.
  mutating func decode(
    _ input: InputImage?, named name: String, orThrow refusal: APIError, if isFit: (Span<UInt8>, DecodedImage) -> Bool = { _, _ in true }
  ) throws(APIError) -> DecodedImage? {
    do {
      guard let input else { return nil }
      guard let file = try input.bytes() else {
        skip(name, "not fetched: it is a URL or a file ID")
        return nil
      }
      let image = try ImageDecoder.decode(file.span, toPixels: pixelsEach, allowance: &allowance)
      guard !isStrict || isFit(file.span, image) else { throw refusal }
      return image
    } catch {
      guard isStrict else {
        skip(name, (error as? DecodingError).map { "\($0)" } ?? "no valid base64")
        return nil
      }
      throw refusal.explained(by: error as? DecodingError)
    }
  }
}

extension UploadedFiles {
  mutating func skip(_ name: String, _ reason: String) { skipped.append("\(name) (\(reason))") }
}

extension APIError {
  /// The API has no wording of its own for images that are too large, so the reason is appended to the usual one.
  fileprivate func explained(by error: DecodingError?) -> APIError {
    var explained = self
    switch error {
    case .tooLarge(_, _)?: explained.message += " It has \(error!)."
    case .tooMuchWork(_, _)?: explained.message += " It would take \(error!): send fewer or smaller images."
    case .notAnImage?, .broken?, .animated?, nil: break
    }
    return explained
  }
}
