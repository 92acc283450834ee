/// The places of several uploads in an area: in rows from left to right, each upload whole and in its proportions, and each row as wide as the
/// others.
struct Mosaic {
  /// The place of each upload.
  let places: [Box]

  /// - Parameters:
  ///   - proportions: width divided by height of each upload.
  ///   - gap: pixels between two uploads.
  init(_ proportions: [Float], in area: Box, gap: Int) {
    let candidates = (1...max(proportions.count, 1)).map { Self.rows(of: proportions, count: $0) }
    let scaled = candidates.map { rows in Self.width(of: rows, proportions, in: area, gap: Float(gap)) }
    // The rows with which the uploads cover most of the area. All have the same proportions in it, so the widest rows do not suffice.
    let best = candidates.indices.max { one, other in
      Self.covered(candidates[one], proportions, width: scaled[one], gap: Float(gap))
        < Self.covered(candidates[other], proportions, width: scaled[other], gap: Float(gap))
    }
    guard let best else {
      places = []
      return
    }
    places = Self.places(candidates[best], proportions, width: scaled[best], in: area, gap: Float(gap))
  }

  /// Splits the uploads into rows whose proportions are much alike.
  private static func rows(of proportions: [Float], count: Int) -> [Range<Int>] {
    let whole = proportions.reduce(0, +)
    var (rows, start, sum) = ([Range<Int>](), 0, Float(0))
    for (index, proportion) in proportions.enumerated() {
      sum += proportion
      let (isFull, left) = (sum - proportion / 2 >= whole * Float(rows.count + 1) / Float(count), proportions.count - index)
      if isFull && index > start || left < count - rows.count && index > start {
        rows.append(start..<index)
        start = index
      }
    }
    return rows + [start..<proportions.count]
  }

  /// The width of all rows with which they fit.
  private static func width(of rows: [Range<Int>], _ proportions: [Float], in area: Box, gap: Float) -> Float {
    let height = rows.reduce(0) { $0 + Self.height(of: $1, proportions, width: Float(area.width), gap: gap) }
    let room = Float(area.height) - gap * Float(rows.count - 1)
    return height <= room ? Float(area.width) : max(Float(area.width) * room / height, 1)
  }

  private static func height(of row: Range<Int>, _ proportions: [Float], width: Float, gap: Float) -> Float {
    max((width - gap * Float(row.count - 1)) / proportions[row].reduce(0, +), 1)
  }

  private static func covered(_ rows: [Range<Int>], _ proportions: [Float], width: Float, gap: Float) -> Float {
    rows.reduce(0) { $0 + width * height(of: $1, proportions, width: width, gap: gap) }
  }

  private static func places(_ rows: [Range<Int>], _ proportions: [Float], width: Float, in area: Box, gap: Float) -> [Box] {
    let heights = rows.map { height(of: $0, proportions, width: width, gap: gap) }
    let whole = heights.reduce(0, +) + gap * Float(rows.count - 1)
    var top = Float(area.rows.lowerBound) + max(Float(area.height) - whole, 0) / 2
    var places: [Box] = []
    for (row, height) in zip(rows, heights) {
      var left = Float(area.columns.lowerBound) + (Float(area.width) - width) / 2
      for index in row {
        let right = left + proportions[index] * height
        let (x, y) = (Int(left.rounded()), Int(top.rounded()))
        let place = Box(left: x, top: y, right: max(Int(right.rounded()), x + 1), bottom: max(Int((top + height).rounded()), y + 1))
        places.append(place.intersection(area))
        left = right + gap
      }
      top += height + gap
    }
    return places
  }
}
