import JSON

/// What `svg` asks for: the model that writes the picture down as SVG, and how long it may think.
struct SVGRequest: Sendable {
  var model: String
  var effort: String?

  init(_ parameters: Parameters) throws(APIError) {
    guard let model = try parameters.string("svg.model") else { throw .missing("svg.model") }
    self.model = model
    let reasoning = try parameters.object("svg.reasoning")
    effort = try reasoning?.choice("svg.reasoning.effort", of: ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
  }
}
