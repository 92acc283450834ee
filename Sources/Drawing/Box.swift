/// An upright rectangle of whole pixels, possibly empty.
struct Box: Sendable, Hashable {
  let columns: Range<Int>
  let rows: Range<Int>

  var width: Int { columns.count }
  var height: Int { rows.count }

  /// - Parameters: edges in pixels; an end before its start makes the box empty.
  init(left: Int, top: Int, right: Int, bottom: Int) {
    columns = left..<max(left, right)
    rows = top..<max(top, bottom)
  }

  func intersection(_ other: Box) -> Box {
    let (columns, rows) = (columns.clamped(to: other.columns), rows.clamped(to: other.rows))
    return Box(left: columns.lowerBound, top: rows.lowerBound, right: columns.upperBound, bottom: rows.upperBound)
  }

  /// Larger by some pixels at every edge.
  func grown(by pixels: Int) -> Box {
    Box(
      left: columns.lowerBound - pixels, top: rows.lowerBound - pixels, right: columns.upperBound + pixels,
      bottom: rows.upperBound + pixels)
  }

  func overlaps(_ other: Box) -> Bool {
    columns.overlaps(other.columns) && rows.overlaps(other.rows)
  }
}
