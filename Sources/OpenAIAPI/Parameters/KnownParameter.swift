import ImageGeneration

/// One row of the table of parameters: its values, and the endpoints and the model families that know it.
struct KnownParameter: Sendable {
  var name: String
  var kind: Kind
  var operations: Set<ImageOperation>
  /// Empty for the mock's own parameters, which the strict profiles do not know.
  var families: Set<ModelFamily>

  /// The values that a parameter can have with any model.
  enum Kind: Sendable {
    case text, boolean, model, prompt, size, svg
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// Of a form; in JSON, a reference to it.
    case file
    /// Of a form.
    case files
    /// Of JSON.
    case references
  }

  private init(
    _ name: String, _ kind: Kind, _ operations: Set<ImageOperation>, _ families: Set<ModelFamily> = [.dallE, .gpt]
  ) {
    (self.name, self.kind, self.operations, self.families) = (name, kind, operations, families)
  }

  static let all: [KnownParameter] = [
    KnownParameter("model", .model, [.generation, .edit, .variation]),
    KnownParameter("prompt", .prompt, [.generation, .edit]),
    KnownParameter("n", .integer(AllowedValues.counts), [.generation, .edit, .variation]),
    KnownParameter("size", .size, [.generation, .edit, .variation, .upscale]),
    KnownParameter("user", .text, [.generation, .edit, .variation, .upscale]),
    KnownParameter("quality", .choice(QualityLevel.all.map(\.name)), [.generation, .edit]),
    KnownParameter("style", .choice(AllowedValues.styles), [.generation], [.dallE]),
    KnownParameter("response_format", .choice(AllowedValues.responseFormats), [.generation, .edit, .variation, .upscale], [.dallE]),
    KnownParameter("background", .choice(AllowedValues.backgrounds), [.generation, .edit], [.gpt]),
    KnownParameter("output_format", .choice(OutputFormat.all.map(\.name)), [.generation, .edit, .upscale], [.gpt]),
    KnownParameter("output_compression", .integer(AllowedValues.compression), [.generation, .edit, .upscale], [.gpt]),
    KnownParameter("moderation", .choice(AllowedValues.moderations), [.generation, .edit], [.gpt]),
    KnownParameter("stream", .boolean, [.generation, .edit], [.gpt]),
    KnownParameter("partial_images", .integer(AllowedValues.partialImages), [.generation, .edit], [.gpt]),
    KnownParameter("frame_count", .integer(AllowedValues.frameCount), [.generation, .edit], [.gpt]),
    KnownParameter("frame_duration_ms", .integer(AllowedValues.frameDuration), [.generation, .edit], [.gpt]),
    KnownParameter("svg", .svg, [.generation, .edit], [.gpt]),
    KnownParameter("complexity", .choice(AllowedValues.complexities), [.generation, .edit], [.gpt]),
    KnownParameter("safety_identifier", .text, [.generation, .edit], [.gpt]),
    KnownParameter("image", .files, [.edit, .variation, .upscale]),
    KnownParameter("images", .references, [.edit]),
    KnownParameter("mask", .file, [.edit]),
    KnownParameter("markup", .file, [.edit], [.gpt]),
    KnownParameter("scale", .number(Enlargement.factors), [.upscale]),
    KnownParameter("input_fidelity", .choice(AllowedValues.fidelities), [.edit], [.gpt]),
    KnownParameter("pattern", .choice(AllowedValues.patterns), [.generation, .edit, .variation], []),
    KnownParameter("motion", .choice(AllowedValues.motions), [.generation, .edit], []),
  ]

  /// All names, for the parsers of bodies.
  static let names = Set(all.map(\.name))

  /// The names that a client of the real API may have meant.
  static let realNames = all.filter { !$0.families.isEmpty }.map(\.name)

  /// The names that an operation does not know.
  static let foreign = Dictionary(
    uniqueKeysWithValues: ImageOperation.allCases.map { operation in
      (operation, all.filter { !$0.operations.contains(operation) }.map(\.name))
    })
}
