import ImageGeneration
import JSON

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
