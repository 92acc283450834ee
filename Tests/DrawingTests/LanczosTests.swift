import Foundation
import Testing

@testable import Drawing

@Suite struct LanczosTests {
  @Test func `a larger picture takes no more than one group of pixels`() {
    for new in [100, 101, 150, 200, 333, 400] {
      #expect(ResamplingFilter(LanczosKernel(from: 100, to: new)).count == LanczosKernel.groupSize)
    }
  }

  /// The filter's definition, for a picture twice as large: the new pixels next to an old one are 0.25, 0.75, 1.25 … old pixels away.
  @Test func `a white pixel on black spreads as the filter's definition says`() {
    let row = Self.scaled(Upload.mock(15, 1) { x, _ in x == 7 ? [255, 255, 255] : [0, 0, 0] }, to: (30, 1))
    func lanczos(_ x: Double) -> Double { 3 * sin(.pi * x) * sin(.pi * x / 3) / (.pi * .pi * x * x) }
    for pixel in 0..<30 {
      let distance = (Double(pixel) + 0.5) / 2 - 7.5
      // The weights of each new pixel are divided by their sum.
      var sum = 0.0
      for other in -7...7 where abs(distance + Double(other)) < 3 { sum += lanczos(distance + Double(other)) }
      let share = abs(distance) < 3 ? lanczos(distance) / sum : 0
      #expect(abs(Double(row[1 + 3 * pixel]) - min(max(255 * share, 0), 255)) < 0.51, "pixel \(pixel)")
    }
  }

  @Test(arguments: [(1, 1), (1, 7), (7, 1), (64, 64), (300, 20)], [(1, 1), (10, 10), (333, 50), (2, 999)])
  func `one colour is that colour at any size, opaque or not`(old: (Int, Int), new: (Int, Int)) {
    let opaque = Self.scaled(.mock(old.0, old.1) { _, _ in [200, 100, 50] }, to: new)
    // Not the arrays, whose differences would take minutes to print.
    let isOpaque = opaque == Self.rows(of: [200, 100, 50], new)
    #expect(isOpaque)
    let glass = Self.scaled(Upload.mock(old.0, old.1, isOpaque: false) { _, _ in [200, 100, 50, 128] }, to: new, hasAlpha: true)
    let isGlass = glass == Self.rows(of: [200, 100, 50, 128], new)
    #expect(isGlass)
  }

  private static func rows(of pixel: [UInt8], _ size: (Int, Int)) -> [UInt8] {
    let row = [0] + Array(repeating: pixel, count: size.0).joined()
    return Array(Array(repeating: row, count: size.1).joined())
  }

  @Test func `a picture of the same size is the same`() {
    let picture = Upload.mock(37, 21, isOpaque: false) { x, y in [UInt8(x * 6), UInt8(y * 12), UInt8(x ^ y), 255] }
    let rows = Self.scaled(picture, to: (37, 21), hasAlpha: true)
    for y in 0..<21 {
      let row = Array(rows[y * 149..<(y + 1) * 149])
      #expect(row == [0] + picture.pixels[y * 148..<(y + 1) * 148])
    }
  }

  @Test(arguments: [(64, 64), (9, 9), (21, 40)])
  func `the colour of transparent pixels does not bleed`(width: Int, height: Int) {
    let picture = Upload.mock(16, 16, isOpaque: false) { x, _ in x < 8 ? [0, 255, 0, 0] : [200, 0, 0, 255] }
    let rows = Self.scaled(picture, to: (width, height), hasAlpha: true)
    for y in 0..<height {
      for x in 0..<width {
        let pixel = rows[(y * (1 + 4 * width) + 1 + 4 * x)...].prefix(4)
        #expect(pixel[pixel.startIndex + 1] == 0)
        #expect(pixel.last == 0 ? pixel.allSatisfy { $0 == 0 } : abs(Int(pixel.first!) - 200) < 2, "\(x), \(y): \(pixel)")
      }
    }
  }

  @Test func `what is transparent shows white without an alpha channel`() {
    let picture = Upload.mock(2, 2, isOpaque: false) { x, _ in [0, 0, 0, x == 0 ? 0 : 255] }
    let rows = Self.scaled(picture, to: (8, 8))
    #expect(rows[1] == 255 && rows[3 * 8] == 0)
  }

  private static func scaled(_ picture: Upload, to size: (Int, Int), hasAlpha: Bool = false) -> [UInt8] {
    picture.scaledRows(width: size.0, height: size.1, hasAlpha: hasAlpha)
  }

  @Test(arguments: [2.0, 2.5, 3, 4])
  func `enlarging what was made smaller comes nearer to it than bilinear and bicubic filters do`(scale: Double) {
    let side = 192
    let small = Int((Double(side) / scale).rounded())
    for number in 0..<4 {
      let whole = Upload.sketch(number, side: side)
      let reduced = Upload(rows: Self.scaled(whole, to: (small, small)), side: small)
      let quality = whole.similarity(of: Self.scaled(reduced, to: (side, side)))
      for filter in [ReferenceFilter.bilinear, .bicubic] {
        let other = whole.similarity(of: filter.enlarged(reduced, to: side))
        #expect(quality > other, "picture \(number) at \(scale): \(quality) dB, \(filter) \(other) dB")
      }
    }
  }
}
