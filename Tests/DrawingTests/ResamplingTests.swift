import Testing

@testable import Drawing

@Suite struct ResamplingTests {
  private static let sizes = [
    (1, 1), (1, 9), (2, 7), (9, 1), (16, 16), (100, 33), (33, 100), (4096, 256), (1024, 2048), (3, 4096), (16384, 256),
  ]

  @Test(arguments: sizes)
  func `weights are of pixels that are there and make a whole`(old: Int, new: Int) {
    let (lanczos, area) = (ResamplingFilter(LanczosKernel(from: old, to: new)), ResamplingFilter(AreaKernel(from: old, to: new)))
    lanczos.expectShape(new)
    area.expectShape(new)
    for pixel in 0..<new {
      #expect(abs(lanczos.weights(of: pixel).reduce(0, +) - 1) < 1e-4)
      #expect(abs(area.weights(of: pixel).reduce(0, +) - 1) < 1e-4)
    }
    #expect(area.weights.allSatisfy { $0 >= 0 })
    // Every pixel of an upload is seen.
    if old >= new { #expect(area.starts[0] == 0 && area.lastSource(of: new - 1) == old - 1) }
  }

  @Test(arguments: [(9, 1), (100, 33), (100, 99), (4096, 256), (2000, 750), (16384, 24)])
  func `a pixel of a smaller upload has the weights of the area that it covers`(old: Int, new: Int) {
    let filter = ResamplingFilter(AreaKernel(from: old, to: new))
    let side = Double(old) / Double(new)
    for pixel in 0..<new {
      let (start, end) = (Double(pixel) * side, Double(pixel + 1) * side)
      for (index, weight) in filter.weights(of: pixel).enumerated() {
        let source = Double(filter.starts[pixel] + index)
        let covered = max(min(source + 1, end) - max(source, start), 0) / side
        #expect(abs(Double(weight) - covered) < 2e-3 / side, "\(weight) of \(source) in \(pixel), which covers \(covered)")
      }
    }
  }

  @Test func `a pixel of a larger upload is a mixture of the two nearest`() {
    let filter = ResamplingFilter(AreaKernel(from: 3, to: 6))
    #expect(filter.count == 2 && filter.starts == [0, 0, 0, 1, 1, 1])
    #expect(filter.weights == [1, 0, 0.75, 0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0, 1])
  }

  @Test(arguments: [1, 2, 7, 128])
  func `pixels of a picture of the same size are the old ones`(side: Int) {
    ResamplingFilter(LanczosKernel(from: side, to: side)).expectIdentity()
    ResamplingFilter(AreaKernel(from: side, to: side)).expectIdentity()
    ResamplingFilter(TriangleKernel(start: 0, count: side, scale: 1)).expectIdentity()
  }

  @Test(arguments: [0.05, 0.3, 0.75, 1, 1.3, 4] as [Float], [-2.5, 0, 0.25] as [Float])
  func `the edges of a glyph fade out, and its inside does not`(scale: Float, start: Float) {
    let count = 136
    let filter = ResamplingFilter(TriangleKernel(start: start, count: count, scale: scale))
    filter.expectShape(filter.targets.count)
    // What an old pixel adds to all new ones is its size, so that a glyph is neither thinner nor thicker than it was.
    #expect(abs(filter.weights.reduce(0, +) / (Float(count) * scale) - 1) < 0.01)
    let reach = max(1, scale) + 0.5
    for (pixel, target) in filter.targets.enumerated() {
      let sum = filter.weights(of: pixel).reduce(0, +)
      let isInside = Float(target) > start + reach && Float(target + 1) < start + Float(count) * scale - reach
      #expect(isInside ? abs(sum - 1) < 1e-4 : (0...1.0001).contains(sum), "\(sum) of \(target)")
    }
    #expect(filter.weights(of: 0).reduce(0, +) < 0.6 && filter.weights(of: filter.targets.count - 1).reduce(0, +) < 0.6)
  }

  /// The loops beside the filter's definition.
  @Test(arguments: [(64, 48), (7, 9), (20, 15), (3, 2)], [(20, 15), (64, 48), (5, 31), (1, 1)])
  func `rows of an upload are the sums of its weighted pixels`(old: (Int, Int), new: (Int, Int)) {
    let upload = Upload.mock(old.0, old.1, isOpaque: false) { x, y in
      [UInt8(x * 3 % 256), UInt8(y * 5 % 256), UInt8(x * y % 256), UInt8((x * 7 + y * 11) % 256)]
    }
    let columns = ResamplingFilter(AreaKernel(from: old.0, to: new.0))
    let rows = ResamplingFilter(AreaKernel(from: old.1, to: new.1))
    var scaled = ScaledRows(upload, width: new.0, height: new.1)
    for y in 0..<new.1 {
      let row = scaled.row(y)
      for x in 0..<new.0 {
        var sum = SIMD4<Double>.zero
        for (down, height) in rows.weights(of: y).enumerated() where height > 0 {
          for (across, width) in columns.weights(of: x).enumerated() where width > 0 {
            let pixel = upload.premultiplied(columns.starts[x] + across, rows.starts[y] + down)
            sum += pixel * Double(width) * Double(height)
          }
        }
        for channel in 0..<4 { #expect(abs(Double(row[x][channel]) - sum[channel]) < 1e-5, "\(x), \(y)") }
      }
    }
  }

  /// Markup that is one pixel wide and 32768 high is stretched to the first upload, which may be wide and low.
  @Test(arguments: sizes)
  func `memory holds at most four rows of an upload, however many there are`(old: Int, new: Int) {
    #expect(RowRing(ResamplingFilter(AreaKernel(from: old, to: new)), slotSize: 1).numbers.count <= 4)
  }

  @Test func `a bitmap without pixels is an empty glyph`() {
    for (width, height) in [(0, 0), (0, 3), (3, 0)] {
      let glyph = ColourBitmap(pixels: [], width: width, height: height, left: 1, top: 2).glyph(scale: 0.7, shift: 0.25)
      #expect(glyph.coverage.isEmpty && glyph.colours == [])
    }
  }

  @Test(arguments: [10, 100])
  func `rows that begin in the middle are those of the whole`(side: Int) {
    let upload = Upload.sketch(1, side: 40)
    var (whole, part) = (ScaledRows(upload, width: side, height: side), ScaledRows(upload, width: side, height: side))
    for y in 0..<side {
      let row = whole.row(y)
      if y >= side / 2 { #expect(part.row(y).numbers == row.numbers) }
    }
  }
}

extension ResamplingFilter {
  fileprivate func weights(of pixel: Int) -> ArraySlice<Float> { weights[pixel * count..<(pixel + 1) * count] }

  /// The last old pixel that a new one is made of.
  fileprivate func lastSource(of pixel: Int) -> Int {
    let weights = weights(of: pixel)
    return starts[pixel] + (weights.lastIndex { $0 != 0 } ?? weights.startIndex) - weights.startIndex
  }

  /// Expects the numbers that the loops rely on.
  fileprivate func expectShape(_ targets: Int) {
    #expect(starts.count == targets && weights.count == targets * count && count % Kernel.groupSize == 0)
    #expect(starts == starts.sorted() && starts.allSatisfy { $0 >= 0 })
    #expect((0..<targets).allSatisfy { pixel in lastSource(of: pixel) < sourceCount || weights(of: pixel).allSatisfy { $0 == 0 } })
  }

  /// Expects that each new pixel is made of the old one at its place alone, or of none.
  fileprivate func expectIdentity() {
    for (pixel, target) in targets.enumerated() {
      for (index, weight) in weights(of: pixel).enumerated() {
        let source = starts[pixel] + index
        #expect(abs(weight - (source == target && source < sourceCount ? 1 : 0)) < 1e-6, "\(weight) of \(source) in \(target)")
      }
    }
  }
}

extension Upload {
  fileprivate func premultiplied(_ x: Int, _ y: Int) -> SIMD4<Double> {
    let offset = 4 * (y * width + x)
    let alpha = Double(pixels[offset + 3]) / 255
    return SIMD4(Double(pixels[offset]), Double(pixels[offset + 1]), Double(pixels[offset + 2]), 255) * alpha / 255
  }
}
