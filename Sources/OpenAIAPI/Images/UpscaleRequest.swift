import Drawing
import ImageCoding
import ImageGeneration

extension ImageRequest {
  /// Reads a request to enlarge an image, which is the mock's own. It has neither a model nor a prompt.
  ///
  /// - Parameter format: the response format of requests that name none; nil: URLs.
  init(upscale parameters: Parameters, _ profile: ProfileRules, format: ResponseFormat?) throws(APIError) {
    var inputs = ImageInputs()
    inputs.images = [try parameters.heldImage("image")]
    let enlargement = try Enlargement(parameters)
    let shared = parameters.keeping(["output_format", "output_compression", "response_format", "user"])
    try self.init(.upscale, .upscaler, drawing: "", on: inputs, shared, profile, format: format)
    guard AllowedValues.upscaleFormats.contains(output.name) else {
      throw .unsupportedValue("output_format", output.name, supported: AllowedValues.upscaleFormats)
    }
    self.enlargement = enlargement
    size = enlargement.usualSize
    ignored = parameters.names(withoutEffectOn: .upscale)
  }
}

extension Model {
  /// What limits, rules and errors call the model of upscales. `/v1/models` does not list it, because no request can name it.
  fileprivate static let upscaler = Model(
    id: "lanczos", created: 0, rules: ModelRules(family: .dallE, sizes: .any, qualities: ["auto"], answersURLs: true))
}

extension Enlargement {
  fileprivate init(_ parameters: Parameters) throws(APIError) {
    let factor = try parameters.number("scale", in: Self.factors)
    guard let text = try parameters.string("size") else {
      self = .factor(factor ?? 2)
      return
    }
    guard factor == nil else { throw .scaleAndSize }
    guard let size = PictureSize(text) else {
      throw .unsupportedSize(text, why: "Expected WIDTHxHEIGHT with sides from 1 to \(PictureSize.maximumSide), for example '2048x2048'.")
    }
    self = .size(size)
  }

  /// The size of a result, as long as the image is not known.
  fileprivate var usualSize: PictureSize {
    switch self {
    case .factor(let factor): PictureSize(width: Int(1024 * factor), height: Int(1024 * factor)) ?? .square1024
    case .size(let size): size
    }
  }

  /// Whether the size of the result is known before the image is.
  var isSize: Bool { if case .size = self { true } else { false } }

  /// The size of a result.
  ///
  /// - Parameter isWrong: whether a fault halves it.
  func apiSize(of image: DecodedImage, isWrong: Bool) throws(APIError) -> PictureSize {
    do throws(ImageGenerationError) {
      let size = try size(of: image)
      return isWrong ? PictureSize(width: (size.width + 1) / 2, height: (size.height + 1) / 2) ?? size : size
    } catch {
      throw APIError(enlarging: error)
    }
  }
}
