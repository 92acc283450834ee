/// The models that would write text and call tools. The mock has none: it draws at once.
enum MainlineModel {
  /// The model of a request that names none, where that is allowed.
  static let usual = "gpt-5"

  /// The name in the response, where it is known to differ from the requested one.
  private static let snapshots = [
    "gpt-5": "gpt-5-2025-08-07", "gpt-5-mini": "gpt-5-mini-2025-08-07", "gpt-5-nano": "gpt-5-nano-2025-08-07",
    "gpt-4.1": "gpt-4.1-2025-04-14", "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14", "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
    "gpt-4o": "gpt-4o-2024-08-06", "gpt-4o-mini": "gpt-4o-mini-2024-07-18", "o3": "o3-2025-04-16",
  ]

  static func snapshot(of model: String) -> String { snapshots[model] ?? model }
}
