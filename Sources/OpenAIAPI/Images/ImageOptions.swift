package import Drawing
import ImageGeneration
import JSON

/// The ways to make an image. Each is an endpoint with its own parameters.
enum ImageOperation: String, Sendable, CaseIterable {
  case generation = "image_generation"
  case edit = "image_edit"
  case variation = "image_variation"
  /// The mock's own.
  case upscale = "image_upscale"

  /// The drawing operation of the endpoint.
  var drawn: ImageJob.Operation {
    switch self {
    case .generation: .generation
    case .edit: .edit
    case .variation: .variation
    case .upscale: .upscale
    }
  }

  static let json = "application/json"
  static let form = "multipart/form-data"

  /// The content types that the endpoint accepts. A body without one is read as the first.
  var mediaTypes: [String] {
    switch self {
    case .generation: [Self.json]
    case .edit, .upscale: [Self.json, Self.form]
    case .variation: [Self.form]
    }
  }
}

/// A file format that a request can select with `output_format`.
struct OutputFormat: Sendable, Equatable {
  var format: ImageFormat
  /// Whether the API's error messages list the format; the others are a preview.
  var isNamed = true

  var name: String { format.rawValue }

  static let png = OutputFormat(format: .png)

  /// In the order of the API's error messages.
  static let all = [
    png, OutputFormat(format: .webp), OutputFormat(format: .jpeg), OutputFormat(format: .gif, isNamed: false),
    OutputFormat(format: .svg, isNamed: false),
  ]

  /// The names that error messages list, and the others.
  static let (named, unnamed) = (all.filter(\.isNamed).map(\.name), all.filter { !$0.isNamed }.map(\.name))
}

/// One of the values of `quality` that models have had.
package struct QualityLevel: Sendable, Equatable {
  package var name: String
  /// The quality that is drawn.
  package var drawn: Quality
  /// The value in the response of a GPT image model, which is never `auto`.
  var answered: String

  /// The values of all models, in the order of the error messages.
  package static let all = [
    QualityLevel(name: "standard", drawn: .standard, answered: "medium"),
    QualityLevel(name: "hd", drawn: .hd, answered: "high"),
    QualityLevel(name: "low", drawn: .standard, answered: "low"),
    QualityLevel(name: "medium", drawn: .standard, answered: "medium"),
    QualityLevel(name: "high", drawn: .hd, answered: "high"),
    QualityLevel(name: "auto", drawn: .standard, answered: "medium"),
    QualityLevel(name: "xhigh", drawn: .hd, answered: "xhigh"),
    QualityLevel(name: "max", drawn: .hd, answered: "max"),
  ]

  static let auto = named("auto")!

  package static func named(_ name: String) -> QualityLevel? { all.first { $0.name == name } }
}

/// The `svg` parameter: the model that writes the image as SVG, and its reasoning effort.
struct SVGRequest: Sendable {
  var model: String
  var effort: String?

  init(_ parameters: Parameters) throws(APIError) {
    guard let model = try parameters.string("svg.model") else { throw .missing("svg.model") }
    self.model = model
    let reasoning = try parameters.object("svg.reasoning")
    effort = try reasoning?.choice("svg.reasoning.effort", of: AllowedValues.efforts)
  }
}
