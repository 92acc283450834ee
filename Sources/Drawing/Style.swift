/// Which palette is drawn from: bright and saturated, or muted earth tones.
public enum Style: String, Sendable, Hashable, CaseIterable {
  case vivid, natural
}
