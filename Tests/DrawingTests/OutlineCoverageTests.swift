import Testing

@testable import Drawing

struct OutlineCoverageTests {
  /// The coverage of pixels by polygons.
  static func amounts(_ width: Int, _ height: Int, _ contours: [[SIMD2<Float>]]) -> [UInt8] {
    var coverage = OutlineCoverage()
    coverage.begin(width: width, height: height)
    for contour in contours {
      coverage.move(to: contour[0])
      for corner in contour.dropFirst() + [contour[0]] { coverage.addLine(to: corner) }
    }
    return coverage.finish(copy)
  }

  private static func copy(_ amounts: Span<UInt8>) -> [UInt8] { amounts.indices.map { amounts[$0] } }

  static func rectangle(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float) -> [SIMD2<Float>] {
    [SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)]
  }

  /// The covered area in pixels.
  static func area(_ amounts: [UInt8]) -> Float { amounts.reduce(0) { $0 + Float($1) } / 255 }

  @Test func `a rectangle covers each pixel by the part of it that it takes`() {
    let amounts = Self.amounts(4, 3, [Self.rectangle(0.5, 0.25, 3.25, 2)])
    let expected: [Float] = [0.375, 0.75, 0.75, 0.1875, 0.5, 1, 1, 0.25, 0, 0, 0, 0]
    for (amount, share) in zip(amounts, expected) { #expect(abs(Float(amount) - 255 * share) <= 0.5) }
  }

  @Test func `which way around makes no difference`() {
    let corners = [SIMD2<Float>(1.3, 0.2), SIMD2(8.9, 3.7), SIMD2(4.1, 8.8)]
    #expect(Self.amounts(10, 9, [corners]) == Self.amounts(10, 9, [corners.reversed()]))
  }

  /// Each of its edges crosses many pixels of a row, or many rows of a pixel.
  @Test(arguments: [0.1, 0.37, 0.5, 0.93] as [Float])
  func `slanting edges cover their area, row by row`(offset: Float) {
    let (width, height) = (40, 30)
    let corners = [SIMD2<Float>(offset, 1.2), SIMD2(38.7, 2.9 + offset), SIMD2(37.9, 29.1), SIMD2(0.2, 28 - offset)]
    let amounts = Self.amounts(width, height, [corners])
    let doubled = zip(corners, corners.dropFirst() + [corners[0]]).reduce(Float(0)) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
    #expect(abs(Self.area(amounts) - doubled / 2) < 0.2)
    #expect(amounts[15 * width + 20] == 255)
  }

  @Test func `an area wound around in the other direction is a hole`() {
    let (outer, inner) = (Self.rectangle(0, 0, 8, 8), Self.rectangle(2, 2, 6, 6))
    let ring = Self.amounts(8, 8, [outer, inner.reversed()])
    #expect(Self.area(ring) == 48)
    #expect(ring[4 * 8 + 4] == 0)
    #expect(Self.area(Self.amounts(8, 8, [outer, inner])) == 64)
  }

  @Test(arguments: [3, 9.5, 31] as [Float])
  func `curves of both kinds make a circle`(radius: Float) {
    let side = 2 * Int(radius) + 4
    let centre = SIMD2<Float>(repeating: Float(side) / 2)
    func point(_ angle: Float, _ distance: Float = 1) -> SIMD2<Float> {
      centre + radius * distance * SIMD2(Self.cosine(angle), Self.cosine(angle - 0.25))
    }
    var (quadratic, cubic) = (OutlineCoverage(), OutlineCoverage())
    quadratic.begin(width: side, height: side)
    cubic.begin(width: side, height: side)
    quadratic.move(to: point(0))
    // The tangents of two points meet farther out.
    for eighth in 1...8 {
      let angle = Float(eighth) / 8
      quadratic.addQuadratic(point(angle - 1 / 16, 1 / Self.cosine(1 / 16)), to: point(angle))
    }
    cubic.move(to: point(0))
    for quarter in 1...4 {
      let (start, end) = (Float(quarter - 1) / 4, Float(quarter) / 4)
      cubic.addCubic(
        point(start) + (point(end) - centre) * 0.5523, point(end) + (point(start) - centre) * 0.5523, to: point(end))
    }
    for amounts in [quadratic.finish(Self.copy), cubic.finish(Self.copy)] {
      #expect(abs(Self.area(amounts) - .pi * radius * radius) < 0.01 * .pi * radius * radius + 0.1)
    }
  }

  @Test func `nothing of one outline is left in the next, larger or smaller`() {
    var coverage = OutlineCoverage()
    for (width, height) in [(20, 20), (8, 3), (30, 40), (300, 300), (5, 60)] {
      coverage.begin(width: width, height: height)
      coverage.move(to: SIMD2(1, 1))
      for corner in Self.rectangle(1, 1, 4, 2) + [SIMD2(1, 1)] { coverage.addLine(to: corner) }
      coverage.finish { amounts in
        #expect(amounts.count == width * height)
        let inside = amounts.indices.filter { amounts[$0] > 0 }
        #expect(inside == [width + 1, width + 2, width + 3])
      }
    }
  }

  @Test func `points outside are neither drawn nor crash`() {
    #expect(Self.area(Self.amounts(6, 6, [Self.rectangle(-3, -3, 9, 9)])) == 36)
    #expect(Self.area(Self.amounts(6, 6, [Self.rectangle(-9, 2, -1, 4)])) == 0)
    #expect(Self.area(Self.amounts(6, 6, [Self.rectangle(7, 2, 90, 4)])) == 0)
    #expect(Self.area(Self.amounts(6, 6, [Self.rectangle(1, -50, 2, 50)])) == 6)
    #expect(Self.amounts(0, 0, [Self.rectangle(0, 0, 5, 5)]).isEmpty)
  }

  @Test func `a point and a line cover nothing`() {
    #expect(Self.area(Self.amounts(5, 5, [[SIMD2(2, 2)], [SIMD2(1, 1), SIMD2(4, 3)]])) == 0)
  }

  /// The cosine of an angle in turns, exact enough for the test.
  private static func cosine(_ turns: Float) -> Float {
    let angle = 2 * Float.pi * (turns - turns.rounded())
    let square = angle * angle
    return 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56 * (1 - square / 90 * (1 - square / 132)))))
  }
}
