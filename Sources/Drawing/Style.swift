/// The palette: bright and saturated colours, or muted earth tones.
public enum Style: String, Sendable, Hashable, CaseIterable {
  case vivid, natural
}
