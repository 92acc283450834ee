/// Rows in a canvas's format: PNG's filter byte, then three or four bytes per pixel.
struct RowPictures {
  /// - Parameter colour: returns the channels of the pixel at x, y.
  static func rows(_ width: Int, _ height: Int, _ colour: (_ x: Int, _ y: Int) -> [UInt8]) -> [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<height {
      rows.append(0)
      for x in 0..<width { rows += colour(x, y) }
    }
    return rows
  }

  /// A slope from left to right in red and from top to bottom in green, on which blue has hard edges.
  static func slope(_ width: Int, _ height: Int) -> [UInt8] {
    rows(width, height) { x, y in
      [UInt8(255 * x / max(width - 1, 1)), UInt8(255 * y / max(height - 1, 1)), (x / 8 + y / 8) % 2 == 0 ? 40 : 200]
    }
  }

  /// The largest and the mean difference of any channel from the decoded picture.
  static func difference(_ rows: [UInt8], _ decoded: [UInt8], width: Int) -> (largest: Int, mean: Double) {
    let stride = 1 + 3 * width
    var (largest, sum, count) = (0, 0, 0)
    for y in 0..<rows.count / stride {
      for x in 0..<width {
        for channel in 0..<3 {
          let difference = abs(Int(rows[y * stride + 1 + 3 * x + channel]) - Int(decoded[4 * (y * width + x) + channel]))
          largest = max(largest, difference)
          sum += difference
          count += 1
        }
      }
    }
    return (largest, Double(sum) / Double(count))
  }
}
