import Drawing
import ImageGeneration
import JSON

/// What is done to make an image: each is an endpoint with parameters of its own.
enum ImageOperation: String, Sendable {
  case generation = "image_generation"
  case edit = "image_edit"
  case variation = "image_variation"

  /// What is drawn for it.
  var drawn: ImageJob.Operation {
    switch self {
    case .generation: .generation
    case .edit: .edit
    case .variation: .variation
    }
  }

  static let json = "application/json"
  static let form = "multipart/form-data"

  /// What its body may be. A body that does not say is the first of them.
  var mediaTypes: [String] {
    switch self {
    case .generation: [Self.json]
    case .edit: [Self.json, Self.form]
    case .variation: [Self.form]
    }
  }
}

/// A kind of file that may be asked for, by `output_format`.
struct OutputFormat: Sendable, Equatable {
  var format: ImageFormat
  /// Whether the API names it among the supported ones; the others are a preview.
  var isNamed = true

  var name: String { format.rawValue }

  static let png = OutputFormat(format: .png)

  /// In the order in which the API names them.
  static let all = [
    png, OutputFormat(format: .webp), OutputFormat(format: .jpeg), OutputFormat(format: .gif, isNamed: false),
    OutputFormat(format: .svg, isNamed: false),
  ]
}

/// One of the words that models have had for quality.
struct QualityLevel: Sendable, Equatable {
  var name: String
  /// What is drawn for it.
  var drawn: Quality
  /// What a GPT image model calls it in its answer, which never says `auto`.
  var answered: String

  /// Every model's words, in the order in which they are named.
  static let all = [
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

  static func named(_ name: String) -> QualityLevel? { all.first { $0.name == name } }
}

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
