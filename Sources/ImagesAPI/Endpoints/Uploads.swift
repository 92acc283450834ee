import ImageCoding

/// The images that came with a request, as pixels.
struct Uploads: Sendable {
  var images: [DecodedImage] = []
  /// Transparent where the first image is to be edited.
  var mask: DecodedImage?
  var markup: DecodedImage?

  /// Bytes of the largest file that dall-e-2 takes.
  private static let largestSquarePNG = 4 << 20

  /// Of all uploads that share a picture: as sharp as most pictures can show them, in a quarter of what a large one alone decodes to.
  private static let mostPixels = 4 << 20

  /// Decodes what came. Images elsewhere are left out; so are those that are none, where `isStrict` is not set.
  ///
  /// Takes milliseconds a megapixel, so that it is the renderer's work.
  init(decoding inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool) throws(APIError) {
    let pixels = Self.mostPixels / max(inputs.images.count, 1)
    func decode(_ input: InputImage?, orThrow refusal: APIError) throws(APIError) -> DecodedImage? {
      do { return try input?.decoded(toPixels: pixels) } catch {
        if isStrict { throw refusal }
        return nil
      }
    }
    var firstSize: DecodedImage.Size?
    for (index, input) in inputs.images.enumerated() {
      let image = try decode(input, orThrow: rules.wantsSquarePNG ? .noSmallPNG : .unreadableImage(index + 1))
      if isStrict, rules.wantsSquarePNG, let image, !Self.isSmallSquarePNG(input, image) { throw .noSmallPNG }
      if images.isEmpty { firstSize = image?.originalSize }
      if let image { images.append(image) }
    }
    if let mask = try decode(inputs.mask, orThrow: .unreadableMask) {
      let problem = Self.problem(of: mask, onImageOf: firstSize)
      if let problem, isStrict { throw problem }
      if problem == nil { self.mask = mask }
    }
    markup = try decode(inputs.markup, orThrow: .unreadableMarkup)
  }

  private static func isSmallSquarePNG(_ input: InputImage, _ image: DecodedImage) -> Bool {
    guard image.originalSize.width == image.originalSize.height, let file = try? input.bytes() else { return false }
    return UploadFormat(file.span) == .png && file.count < largestSquarePNG
  }

  /// Why a mask does not fit an image of that size; nil where it does or there is no image.
  private static func problem(of mask: DecodedImage, onImageOf size: DecodedImage.Size?) -> APIError? {
    guard mask.hasAlpha else { return .maskWithoutAlpha }
    guard let size else { return nil }
    return mask.originalSize == size ? nil : .maskOfOtherSize
  }
}

extension InputImage {
  /// The pixels, at most so many; nil for an image elsewhere.
  fileprivate func decoded(toPixels limit: Int) throws -> DecodedImage? {
    guard let file = try bytes() else { return nil }
    return try ImageDecoder.decode(file.span, toPixels: limit)
  }
}
