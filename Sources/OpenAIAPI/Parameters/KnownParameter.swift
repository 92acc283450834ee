/// One row of the table of parameters: the endpoints and the model families that know it.
struct KnownParameter: Sendable {
  var name: String
  var operations: Set<ImageOperation>
  var families: Set<ModelFamily>

  private init(_ name: String, _ operations: Set<ImageOperation>, _ families: Set<ModelFamily> = [.dallE, .gpt]) {
    (self.name, self.operations, self.families) = (name, operations, families)
  }

  static let all: [KnownParameter] = [
    KnownParameter("model", [.generation, .edit, .variation]),
    KnownParameter("prompt", [.generation, .edit]),
    KnownParameter("n", [.generation, .edit, .variation]),
    KnownParameter("size", [.generation, .edit, .variation]),
    KnownParameter("user", [.generation, .edit, .variation]),
    KnownParameter("quality", [.generation, .edit]),
    KnownParameter("style", [.generation], [.dallE]),
    KnownParameter("response_format", [.generation, .edit, .variation], [.dallE]),
    KnownParameter("background", [.generation, .edit], [.gpt]),
    KnownParameter("output_format", [.generation, .edit], [.gpt]),
    KnownParameter("output_compression", [.generation, .edit], [.gpt]),
    KnownParameter("moderation", [.generation, .edit], [.gpt]),
    KnownParameter("stream", [.generation, .edit], [.gpt]),
    KnownParameter("partial_images", [.generation, .edit], [.gpt]),
    KnownParameter("frame_count", [.generation, .edit], [.gpt]),
    KnownParameter("frame_duration_ms", [.generation, .edit], [.gpt]),
    KnownParameter("svg", [.generation, .edit], [.gpt]),
    KnownParameter("complexity", [.generation, .edit], [.gpt]),
    KnownParameter("safety_identifier", [.generation, .edit], [.gpt]),
    KnownParameter("image", [.edit, .variation]),
    KnownParameter("images", [.edit]),
    KnownParameter("mask", [.edit]),
    KnownParameter("markup", [.edit], [.gpt]),
    KnownParameter("input_fidelity", [.edit], [.gpt]),
  ]

  /// All names, for the parsers of bodies.
  static let names = Set(all.map(\.name))
}
