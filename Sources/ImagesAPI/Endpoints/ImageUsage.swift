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
