import ImageGeneration

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
