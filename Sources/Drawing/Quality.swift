/// The level of detail: `standard` is a single solid colour, `hd` a gradient with a pattern.
public enum Quality: String, Sendable, Hashable, CaseIterable {
  case standard, hd
}
