import Drawing

extension FittedPicture {
  /// The picture as a partial image shows it: each square has the mean colour of its pixels, like the squares of drawn images.
  func reduced(to stage: RenderStage) -> FittedPicture {
    guard case .coarse(let squares) = stage else { return self }
    let side = max(1, max(size.width, size.height) / max(1, squares))
    guard side > 1 else { return self }
    var picture = self
    for top in stride(from: 0, to: size.height, by: side) {
      for left in stride(from: 0, to: size.width, by: side) {
        picture.flatten(columns: left..<min(left + side, size.width), rows: top..<min(top + side, size.height))
      }
    }
    return picture
  }

  private mutating func flatten(columns: Range<Int>, rows lines: Range<Int>) {
    let channels = hasAlpha ? 4 : 3
    let stride = 1 + channels * size.width
    let opaque: UInt8 = 255
    var sum = SIMD4<Int>.zero
    for y in lines {
      for x in columns {
        let offset = y * stride + 1 + channels * x
        let alpha = Int(hasAlpha ? rows[offset + 3] : opaque)
        // Colours are weighted by their opacity, so that invisible pixels have no say.
        sum &+= SIMD4(Int(rows[offset]) * alpha, Int(rows[offset + 1]) * alpha, Int(rows[offset + 2]) * alpha, alpha)
      }
    }
    let weight = max(sum.w, 1)
    var mean = (sum &+ weight / 2) / weight
    mean.w = sum.w / (columns.count * lines.count)
    for y in lines {
      for x in columns {
        let offset = y * stride + 1 + channels * x
        for channel in 0..<channels { rows[offset + channel] = UInt8(mean[channel]) }
      }
    }
  }
}
