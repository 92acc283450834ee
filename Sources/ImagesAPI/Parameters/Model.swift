/// An image model: what `/v1/models` tells of it, and what it takes.
struct Model: Sendable {
  var id: String
  /// Seconds since 1970.
  var created: Int
  /// `YYYY-MM-DD`, for a model that the real API has retired.
  var shutdownDate: String?
  var rules: ModelRules

  /// All that the API has known, old ones included. For snapshots, created is the date in their name.
  static let known = [
    Model(id: "dall-e-2", created: 1_698_798_177, shutdownDate: "2026-05-12", rules: .dallE2),
    Model(id: "dall-e-3", created: 1_698_785_189, shutdownDate: "2026-05-12", rules: .dallE3),
    Model(id: "gpt-image-1", created: 1_745_517_030, shutdownDate: "2026-10-23", rules: .gptImage1),
    Model(id: "gpt-image-1-mini", created: 1_758_845_821, rules: .gptImage1Mini),
    Model(id: "gpt-image-1.5", created: 1_764_030_620, rules: .gptImage1),
    Model(id: "chatgpt-image-latest", created: 1_765_925_279, rules: .gptImage1),
    Model(id: "gpt-image-2", created: 1_776_729_600, rules: .gptImage2),
    Model(id: "gpt-image-2-2026-04-21", created: 1_776_729_600, rules: .gptImage2),
    Model(id: "gpt-image-2.5-sunburst", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-sunburst-2026-09-08", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-flare", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.5-flare-2026-09-08", created: 1_788_825_600, rules: .gptImage25),
    Model(id: "gpt-image-2.6-sunburst", created: 1_788_825_600, rules: .gptImage2),
    Model(id: "gpt-image-2.6-flare", created: 1_788_825_600, rules: .gptImage2),
  ]

  /// A model that nobody knows: one of the GPT image family by its name, or else like DALL·E.
  static func unknown(_ id: String) -> Model {
    Model(id: id, created: known[0].created, rules: isGPT(id) ? .gptImage2 : .unnamed)
  }

  static func isGPT(_ id: String) -> Bool { id.hasPrefix("gpt-image") || id.hasPrefix("chatgpt-image") }
}
