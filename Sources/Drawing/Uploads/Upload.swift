/// A picture that someone sent, to be drawn on.
package struct Upload: Sendable {
  package let width: Int
  package let height: Int
  /// Red, green, blue and alpha of one pixel after the other, row by row, not premultiplied.
  let pixels: [UInt8]

  /// - Parameters: a picture of at least one pixel.
  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == 4 * width * height, "pixels of another size")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }
}

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

/// One dimension of a picture's way to another size: of which old pixels each new one is made. Shrunk, it is the mean of those that it
/// covers, each as far as it is covered; grown, a mixture of the two nearest ones.
struct PixelShares {
  /// The first old pixel of each new one.
  private(set) var first: [Int] = []
  /// How much of that pixel and of those that follow it; 1 together.
  private(set) var weights: [[Float]] = []

  /// - Parameters:
  ///   - old, new: pixels, at least 1.
  init(from old: Int, to new: Int) {
    let scale = Float(old) / Float(new)
    for pixel in 0..<new { if old > new { cover(pixel, scale, old) } else { mix(pixel, scale, old) } }
  }

  private mutating func cover(_ pixel: Int, _ scale: Float, _ old: Int) {
    let (start, end) = (Float(pixel) * scale, min(Float(pixel + 1) * scale, Float(old)))
    let reach = min(Int(start), old - 1)..<max(min(Int(end.rounded(.up)), old), min(Int(start), old - 1) + 1)
    first.append(reach.lowerBound)
    let covered = reach.map { max(min(Float($0 + 1), end) - max(Float($0), start), 1e-4) }
    let sum = covered.reduce(0, +)
    weights.append(covered.map { $0 / sum })
  }

  private mutating func mix(_ pixel: Int, _ scale: Float, _ old: Int) {
    let centre = min(max((Float(pixel) + 0.5) * scale - 0.5, 0), Float(old - 1))
    let start = min(Int(centre), max(old - 2, 0))
    first.append(start)
    weights.append(old == 1 ? [1] : [1 - (centre - Float(start)), centre - Float(start)])
  }
}
