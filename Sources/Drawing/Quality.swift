/// How much is drawn: `standard` is one solid colour, `hd` a gradient with a pattern.
public enum Quality: String, Sendable, Hashable, CaseIterable {
  case standard, hd
}
