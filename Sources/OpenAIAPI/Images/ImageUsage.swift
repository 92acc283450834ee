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

  /// - Parameter withOutputDetails: an answer tells them, a stream's last event does not.
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

/// The tokens of the model that writes a picture down as SVG. The real numbers depend on the picture; these are made up, but the same for
/// the same request: as many tokens to write as the prompt has, eightfold, and none to think with unless an effort is asked for.
struct SVGUsage: Sendable {
  private var model: String
  private var input: Int
  private var output: Int
  private var reasoning: Int

  /// Tokens of thought for each token of the prompt.
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
