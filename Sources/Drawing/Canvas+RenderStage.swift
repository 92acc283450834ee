extension Canvas {
  /// Takes back what an unfinished picture does not show yet: each square gets the mean colour of its pixels.
  mutating func reduce(to completeness: RenderStage) {
    guard case .coarse(let squares) = completeness else { return }
    let side = max(1, max(size.width, size.height) / squares)
    guard side > 1 else { return }
    let (width, height, stride) = (size.width, size.height, stride)
    withMutableRows { rows in
      for top in Swift.stride(from: 0, to: height, by: side) {
        let band = top..<min(top + side, height)
        for left in Swift.stride(from: 0, to: width, by: side) {
          rows.flatten(columns: left..<min(left + side, width), rows: band, stride: stride)
        }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Gives all pixels of a box their mean colour.
  fileprivate mutating func flatten(columns: Range<Int>, rows: Range<Int>, stride: Int) {
    let count = columns.count * rows.count
    var sum: (red: Int, green: Int, blue: Int) = (count / 2, count / 2, count / 2)
    for y in rows {
      for x in columns {
        let offset = y * stride + 1 + 3 * x
        sum = (sum.red + Int(self[offset]), sum.green + Int(self[offset + 1]), sum.blue + Int(self[offset + 2]))
      }
    }
    let mean = (red: UInt8(sum.red / count), green: UInt8(sum.green / count), blue: UInt8(sum.blue / count))
    for y in rows {
      for x in columns {
        let offset = y * stride + 1 + 3 * x
        (self[offset], self[offset + 1], self[offset + 2]) = mean
      }
    }
  }
}
