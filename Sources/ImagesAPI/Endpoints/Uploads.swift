import ImageCoding

/// The images that came with a request, as pixels.
struct Uploads: Sendable {
  var images: [DecodedImage] = []
  /// Transparent where the first image is to be edited.
  var mask: DecodedImage?
  var markup: DecodedImage?

  /// Bytes of the largest file that dall-e-2 takes.
  private static let largestSquarePNG = 4 << 20

  /// Of each upload but the first: as sharp as a cell of a grid can show it.
  private static let gridPixels = 1 << 20

  /// Decodes what came. Images elsewhere are left out; so are those that are none, where `isStrict` is not set.
  ///
  /// Takes milliseconds a megapixel, so that it is the renderer's work.
  init(decoding inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool) throws(APIError) {
    func decode(_ input: InputImage?, orThrow refusal: APIError) throws(APIError) -> DecodedImage? {
      do { return try input?.decoded() } catch {
        if isStrict { throw refusal }
        return nil
      }
    }
    for (index, input) in inputs.images.enumerated() {
      let image = try decode(input, orThrow: rules.wantsSquarePNG ? .noSmallPNG : .unreadableImage(index + 1))
      if isStrict, rules.wantsSquarePNG, let image, !Self.isSmallSquarePNG(input, image) { throw .noSmallPNG }
      // The first one keeps its size, which the mask's must be. The others stand in a grid, and a request may have sixteen of them.
      if let image { images.append(images.isEmpty ? image : image.reduced(toPixels: Self.gridPixels)) }
    }
    mask = try decode(inputs.mask, orThrow: .unreadableMask)
    markup = try decode(inputs.markup, orThrow: .unreadableMarkup)
    if let problem = maskProblem {
      if isStrict { throw problem }
      mask = nil
    }
  }

  private static func isSmallSquarePNG(_ input: InputImage, _ image: DecodedImage) -> Bool {
    guard image.width == image.height, let file = try? input.bytes() else { return false }
    return UploadFormat(file.span) == .png && file.count < largestSquarePNG
  }

  /// Why the mask does not fit; nil where it does or there is none.
  private var maskProblem: APIError? {
    guard let mask else { return nil }
    guard mask.hasAlpha else { return .maskWithoutAlpha }
    guard let first = images.first else { return nil }
    return mask.width == first.width && mask.height == first.height ? nil : .maskOfOtherSize
  }
}

extension InputImage {
  /// The pixels; nil for an image elsewhere.
  fileprivate func decoded() throws -> DecodedImage? {
    guard let file = try bytes() else { return nil }
    return try ImageDecoder.decode(file.span)
  }
}
