/// An upload's rows at another size, made one after the other, so that no more than two are in memory whatever the size of the upload.
struct ScaledRows {
  private let upload: Upload
  private let columns: PixelShares
  private let rows: PixelShares
  /// Rows that are scaled across only, which the next row may need as well.
  private var recent: [(row: Int, pixels: [SIMD4<Float>])] = []

  init(_ upload: Upload, width: Int, height: Int) {
    self.upload = upload
    columns = PixelShares(from: upload.width, to: width)
    rows = PixelShares(from: upload.height, to: height)
  }

  /// A row's red, green, blue and alpha, 0 to 1 and premultiplied.
  mutating func row(_ y: Int) -> [SIMD4<Float>] {
    var sum: [SIMD4<Float>] = []
    for (index, weight) in rows.weights[y].enumerated() {
      let part = scaledAcross(rows.first[y] + index)
      if sum.isEmpty { sum = part.map { $0 * weight } } else { for x in sum.indices { sum[x] += part[x] * weight } }
    }
    return sum
  }

  private mutating func scaledAcross(_ row: Int) -> [SIMD4<Float>] {
    if let known = recent.first(where: { $0.row == row }) { return known.pixels }
    let pixels = scaleAcross(row)
    if recent.count > 1 { recent.removeFirst() }
    recent.append((row, pixels))
    return pixels
  }

  private func scaleAcross(_ row: Int) -> [SIMD4<Float>] {
    let bytes = upload.pixels.span.extracting(4 * upload.width * row..<4 * upload.width * (row + 1))
    var pixels = [SIMD4<Float>](repeating: .zero, count: columns.first.count)
    for x in pixels.indices {
      var offset = 4 * columns.first[x]
      for weight in columns.weights[x] {
        pixels[x] += Self.pixel(bytes, at: offset) * weight
        offset += 4
      }
    }
    return pixels
  }

  @inline(__always) private static func pixel(_ bytes: Span<UInt8>, at offset: Int) -> SIMD4<Float> {
    let alpha = Float(bytes[offset + 3]) / 255
    let colour = SIMD4(Float(bytes[offset]), Float(bytes[offset + 1]), Float(bytes[offset + 2]), 255)
    return colour * (alpha / 255)
  }
}
