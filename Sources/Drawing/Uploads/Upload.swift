/// An uploaded picture to draw on.
package struct Upload: Sendable {
  package let width: Int
  package let height: Int
  /// Red, green, blue and alpha of each pixel, row by row, not premultiplied.
  let pixels: [UInt8]
  /// Whether alpha is known to be 255 everywhere.
  package let isOpaque: Bool

  /// - Parameters: the size and pixels of a picture of at least one pixel.
  package init(width: Int, height: Int, pixels: [UInt8], isOpaque: Bool = false) {
    precondition(width > 0 && height > 0 && pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.pixels, self.isOpaque) = (width, height, pixels, isOpaque)
  }

  /// Width divided by height.
  var proportion: Float { Float(width) / Float(height) }
}

/// The rows of an upload at another size. Rows are made one after the other, so that memory holds no more than two, whatever the size of
/// the upload.
struct ScaledRows {
  private let upload: Upload
  private let columns: Resampling
  private let rows: Resampling
  /// Rows scaled to the new width only. The next row may need them again.
  private var recent: [(row: Int, pixels: [SIMD4<Float>])] = []

  init(_ upload: Upload, width: Int, height: Int) {
    self.upload = upload
    columns = Resampling(from: upload.width, to: width)
    rows = Resampling(from: upload.height, to: height)
  }

  /// Red, green, blue and alpha of a row, 0 to 1 and premultiplied.
  mutating func row(_ y: Int) -> [SIMD4<Float>] {
    var sum: [SIMD4<Float>] = []
    for (source, weight) in zip(rows.parts[y].sources, rows.parts[y].weights) {
      let pixels = scaledAcross(source)
      if sum.isEmpty { sum = pixels.map { $0 * weight } } else { for x in sum.indices { sum[x] += pixels[x] * weight } }
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
    var pixels = [SIMD4<Float>](repeating: .zero, count: columns.parts.count)
    for x in pixels.indices {
      var offset = 4 * columns.parts[x].sources.lowerBound
      for weight in columns.parts[x].weights {
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
