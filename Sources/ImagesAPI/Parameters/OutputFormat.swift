/// A kind of file that may be asked for. A format whose encoder is there is one with ``isBuilt`` set.
struct OutputFormat: Sendable, Equatable {
  var name: String
  /// Whether the API names it among the supported ones; the others are a preview.
  var isNamed = true
  var hasAlpha = true
  /// Whether `output_compression` means something to it.
  var isCompressible = false
  var isBuilt = false

  static let png = OutputFormat(name: "png", isBuilt: true)

  /// In the order in which the API names them.
  static let all = [
    png,
    OutputFormat(name: "webp", isCompressible: true),
    OutputFormat(name: "jpeg", hasAlpha: false, isCompressible: true),
    OutputFormat(name: "gif", isNamed: false),
    OutputFormat(name: "svg", isNamed: false),
  ]
}
