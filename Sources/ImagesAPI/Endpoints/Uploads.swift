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
  static let mostPixels = 4 << 20

  /// What the uploads of a request may take together: enough for sixteen photographs of 12 megapixels, which take half of it as JPEG.
  static let allowance = DecodingAllowance(milliseconds: 3000)

  /// Bytes that the pixels take.
  var byteCount: Int { (images + [mask, markup].compactMap { $0 }).reduce(0) { $0 + $1.pixels.count } }

  init() {}

  /// Decodes what came, one file after the other. Images elsewhere are left out; so are those that are none, and those that are too much work,
  /// where `isStrict` is not set.
  ///
  /// Takes milliseconds a megapixel, so that it is the renderer's work.
  init(
    decoding inputs: ImageInputs, _ rules: ModelRules, isStrict: Bool, allowance: DecodingAllowance = Self.allowance
  ) throws(APIError) {
    let count = inputs.images.count + [inputs.mask, inputs.markup].count { $0 != nil }
    var files = UploadedFiles(count: count, isStrict: isStrict, allowance: allowance)
    var firstSize: DecodedImage.Size?
    for (index, input) in inputs.images.enumerated() {
      let refusal = rules.wantsSquarePNG ? APIError.noSmallPNG : .unreadableImage(index + 1)
      let image = try files.decode(input, orThrow: refusal) { file, image in
        !rules.wantsSquarePNG || Self.isSmallSquarePNG(file, image)
      }
      if images.isEmpty { firstSize = image?.originalSize }
      if let image { images.append(image) }
    }
    if let mask = try files.decode(inputs.mask, orThrow: .unreadableMask) {
      let problem = Self.problem(of: mask, onImageOf: firstSize)
      if let problem, isStrict { throw problem }
      if problem == nil { self.mask = mask }
    }
    markup = try files.decode(inputs.markup, orThrow: .unreadableMarkup)
  }

  private static func isSmallSquarePNG(_ file: Span<UInt8>, _ image: DecodedImage) -> Bool {
    image.originalSize.width == image.originalSize.height && UploadFormat(file) == .png && file.count < largestSquarePNG
  }

  /// Why a mask does not fit an image of that size; nil where it does or there is no image.
  private static func problem(of mask: DecodedImage, onImageOf size: DecodedImage.Size?) -> APIError? {
    guard mask.hasAlpha else { return .maskWithoutAlpha }
    guard let size else { return nil }
    return mask.originalSize == size ? nil : .maskOfOtherSize
  }
}

/// The files of a request on their way to pixels. They share the pixels that there may be, and the work.
private struct UploadedFiles {
  private let pixelsEach: Int
  private let isStrict: Bool
  private var allowance: DecodingAllowance

  init(count: Int, isStrict: Bool, allowance: DecodingAllowance) {
    pixelsEach = Uploads.mostPixels / max(count, 1)
    (self.isStrict, self.allowance) = (isStrict, allowance)
  }

  /// Decodes one; nil for an image elsewhere. What a `data:` URL holds is gone when this returns.
  ///
  /// - Parameter isFit: what else a strict profile asks of it.
  mutating func decode(
    _ input: InputImage?, orThrow refusal: APIError, if isFit: (Span<UInt8>, DecodedImage) -> Bool = { _, _ in true }
  ) throws(APIError) -> DecodedImage? {
    do {
      guard let file = try input?.bytes() else { return nil }
      let image = try ImageDecoder.decode(file.span, toPixels: pixelsEach, allowance: &allowance)
      guard !isStrict || isFit(file.span, image) else { throw refusal }
      return image
    } catch {
      guard isStrict else { return nil }
      throw refusal.explained(by: error as? DecodingError)
    }
  }
}

extension APIError {
  /// The API has no words of its own for what is too large, so the reason follows its usual ones.
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
