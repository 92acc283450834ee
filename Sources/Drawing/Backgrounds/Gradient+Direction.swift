extension Gradient {
  /// Where the way leads.
  package enum Direction: Sendable, Hashable, CaseIterable {
    /// From the left, or from the top.
    case horizontal, vertical
    /// From the top left corner: as much across as down, more across, more down.
    case diagonal, shallow, steep
    /// From the bottom left corner, as much across as up.
    case rising
    /// From the centre.
    case radial
  }
}
