import ImageGeneration
import JSON

/// The tokens that a request to a GPT image model costs.
struct ImageUsage: Sendable {
  var inputTexts: Int
  var inputImages: Int
  var outputImages: Int

  init(_ request: ImageRequest) {
    inputTexts = TokenRule.tokens(request.prompt)
    inputImages = TokenRule.inputImage * request.inputs.count
    let each = request.rules.tokens.tokens(request.size, quality: request.quality.answered)
    outputImages = request.n * (each + TokenRule.partialImage * (request.partialImages ?? 0))
  }

  /// - Parameter calls: each of which makes one image of the request.
  init(_ request: ImageRequest, calls: Int) {
    var one = request
    one.n = 1
    self.init(one)
    (inputTexts, inputImages, outputImages) = (calls * inputTexts, calls * inputImages, calls * outputImages)
  }

  /// - Parameter withOutputDetails: true for a response; the last event of a stream has no such details.
  func json(withOutputDetails: Bool) -> JSONText {
    .object(
      [("input_tokens", .integer(inputTexts + inputImages)), ("input_tokens_details", Self.details(inputImages, inputTexts))]
        + [("output_tokens", .integer(outputImages))]
        + (withOutputDetails ? [("output_tokens_details", Self.details(outputImages, 0))] : [])
        + [("total_tokens", .integer(inputTexts + inputImages + outputImages))])
  }

  private static func details(_ images: Int, _ texts: Int) -> JSONText {
    .object([("image_tokens", .integer(images)), ("text_tokens", .integer(texts))])
  }
}

/// The tokens of the model that writes an image as SVG. The real numbers depend on the image. These are made up, but equal for equal
/// requests: eight output tokens per token of the prompt, and reasoning tokens only if the request asks for an effort.
struct SVGUsage: Sendable {
  private var model: String
  private var input: Int
  private var output: Int
  private var reasoning: Int

  /// Reasoning tokens per token of the prompt.
  private static let efforts = ["none": 0, "minimal": 1, "low": 2, "medium": 4, "high": 8, "xhigh": 16, "max": 32]

  init(_ svg: SVGRequest, _ request: ImageRequest) {
    model = svg.model
    input = TokenRule.tokens(request.prompt)
    reasoning = input * (svg.effort.flatMap { Self.efforts[$0] } ?? 0)
    output = 8 * input + reasoning
  }

  var json: JSONText {
    .object([
      ("input_tokens", .integer(input)), ("model", .string(model)), ("output_tokens", .integer(output)),
      ("reasoning_tokens", .integer(reasoning)), ("total_tokens", .integer(input + output)),
    ])
  }
}
