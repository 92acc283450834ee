/// PNG's filters (specification, section 9.2), by their filter bytes: what is written for a byte of a row.
enum RowFilter: UInt8 {
  /// The byte itself.
  case none = 0
  /// The difference from the pixel to the left.
  case sub = 1
  /// The difference from the row above.
  case up = 2
}
