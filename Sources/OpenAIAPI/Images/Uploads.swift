import ImageCoding
import ImageGeneration

/// Decodes the images of a request.
enum Uploads {
  /// Bytes of the largest file that dall-e-2 accepts.
  private static let largestSquarePNG = 4 << 20

  /// Decodes the files one after the other. Images given by URL are left out. Files that are not images or take too much work are
  /// left out too, unless `isStrict` is set. ``SourceImages/ignored`` says which, and why.
  ///
  /// Sizes are compared as a person sees them: upright, as EXIF says. A mask for a photograph is made on the upright picture.
  ///
  /// Takes milliseconds per megapixel, so it runs on the renderer thread.
  static func decode(
    _ inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool, allowance: DecodingAllowance = SourceImages.allowance
  ) throws(APIError) -> SourceImages {
    var sources = SourceImages()
    let count = inputs.images.count + [inputs.mask, inputs.markup].count { $0 != nil }
    guard count > 0 else { return sources }
    var files = UploadedFiles(count: count, isStrict: isStrict, allowance: allowance)
    var firstSize: DecodedImage.Size?
    for (index, input) in inputs.images.enumerated() {
      let refusal = rules.wantsSquarePNG ? APIError.noSmallPNG : .unreadableImage(index + 1)
      let image = try files.decode(input, "image \(index + 1)", orThrow: refusal) { file, image in
        !rules.wantsSquarePNG || isSmallSquarePNG(file, image)
      }
      if sources.images.isEmpty { firstSize = image?.originalSize }
      if let image { sources.images.append(image) }
    }
    if let mask = try files.decode(inputs.mask, "mask", orThrow: .unreadableMask) {
      let problem = problem(of: mask, onImageOf: firstSize)
      if let problem, isStrict { throw problem }
      if let problem { files.ignored.append(IgnoredUpload("mask", reason: problem.reason ?? problem.message)) }
      if problem == nil { sources.mask = mask }
    }
    sources.markup = try files.decode(inputs.markup, "markup", orThrow: .unreadableMarkup)
    sources.ignored = files.ignored
    return sources
  }

  private static func isSmallSquarePNG(_ file: Span<UInt8>, _ image: DecodedImage) -> Bool {
    image.originalSize.width == image.originalSize.height && UploadFormat(file) == .png && file.count < largestSquarePNG
  }

  /// The error for a mask that does not fit an image of that size; nil if it fits or if there is no image.
  private static func problem(of mask: DecodedImage, onImageOf size: DecodedImage.Size?) -> APIError? {
    guard mask.hasAlpha else { return .maskWithoutAlpha.explained("it has no alpha channel") }
    guard let size, mask.originalSize != size else { return nil }
    return .maskOfOtherSize.explained("its size is \(mask.originalSize), and that of the first image is \(size)")
  }
}

/// Decodes the files of a request within a common limit of pixels and of work.
private struct UploadedFiles {
  private let pixelsEach: Int
  private let isStrict: Bool
  private var allowance: DecodingAllowance
  /// The files that are left out.
  var ignored: [IgnoredUpload] = []

  init(count: Int, isStrict: Bool, allowance: DecodingAllowance) {
    pixelsEach = SourceImages.mostPixels / max(count, 1)
    (self.isStrict, self.allowance) = (isStrict, allowance)
  }

  /// Decodes a file; nil if it is left out. The decoded bytes of a `data:` URL are freed when this returns.
  ///
  /// - Parameters:
  ///   - name: the name of the upload in ``ignored``.
  ///   - isFit: a further requirement, which only a strict profile checks.
  mutating func decode(
    _ input: InputImage?, _ name: String, orThrow refusal: APIError, if isFit: (Span<UInt8>, DecodedImage) -> Bool = { _, _ in true }
  ) throws(APIError) -> DecodedImage? {
    guard let input else { return nil }
    do {
      guard let file = try input.bytes() else {
        ignored.append(IgnoredUpload(name, reason: "it is given as a URL, and nothing is fetched"))
        return nil
      }
      let image = try ImageDecoder.decode(file.span, toPixels: pixelsEach, allowance: &allowance)
      guard !isStrict || isFit(file.span, image) else {
        let format = UploadFormat(file.span)?.name ?? "unknown"
        throw refusal.explained(
          "a \(format) file of \(image.originalSize) pixels and \(file.count) bytes, but a square PNG file of less than 4 MB is expected")
      }
      return image
    } catch let error as APIError {
      throw error
    } catch {
      guard isStrict else {
        ignored.append(IgnoredUpload(name, reason: "\(error)"))
        return nil
      }
      throw refusal.explained(by: error)
    }
  }
}

extension APIError {
  /// The API has no wording of its own for images that are too large, so the reason is also appended to the usual one.
  fileprivate func explained(by error: any Error) -> APIError {
    var explained = explained("\(error)")
    switch error as? DecodingError {
    case .tooLarge(_, _)?: explained.message += " It has \(error)."
    case .tooMuchWork(_, _)?: explained.message += " It would take \(error): send fewer or smaller images."
    case .otherFormat?, .broken?, .animated?, nil: break
    }
    return explained
  }
}
