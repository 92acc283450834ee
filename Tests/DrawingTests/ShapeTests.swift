import Testing

@testable import Drawing

struct ShapeTests {
  /// The area of a shape on a tile, in pixels.
  static func area(_ shape: some Shape) -> Float {
    var tile = Tile(width: 64, height: 64)
    tile.fill(shape, opacity: 1)
    return tile.amounts.reduce(0) { $0 + Float($1) } / 255
  }

  @Test(arguments: [3, 7.25, 12.5, 20] as [Float])
  func `a disc covers its area`(radius: Float) {
    #expect(abs(Self.area(Disc(x: 31.3, y: 30.8, radius: radius)) - .pi * radius * radius) < 0.02 * .pi * radius * radius)
  }

  @Test func `a triangle covers its area, whichever way up`() {
    let up = ConvexPolygon(SIMD2(30, 10), SIMD2(50, 50), SIMD2(10, 50))
    let down = ConvexPolygon(SIMD2(10, 10), SIMD2(50, 10), SIMD2(30, 50))
    for triangle in [up, down] { #expect(abs(Self.area(triangle) - 800) < 8) }
  }

  @Test func `polygons that share a side leave no gap and hardly overlap`() {
    var tile = Tile(width: 64, height: 64)
    let (left, right) = (SIMD2<Float>(10, 30), SIMD2<Float>(54, 34))
    tile.fill(ConvexPolygon(left, SIMD2(30, 8), right), opacity: 0.5)
    tile.fill(ConvexPolygon(left, right, SIMD2(33, 60)), opacity: 0.5)
    let inside = (20..<44).map { tile.amounts[32 * 64 + $0] }
    #expect(inside.allSatisfy { (95...145).contains($0) }, "\(inside)")
  }

  @Test(arguments: [2.0, 5, 9.5] as [Float])
  func `a ring covers the difference of two discs`(thickness: Float) {
    let area = 2 * Float.pi * 15 * thickness
    #expect(abs(Self.area(Ring(x: 31.3, y: 30.8, radius: 15, thickness: thickness)) - area) < 0.02 * area)
  }

  @Test func `a rectangle on whole pixels is sharp and exact`() {
    #expect(Self.area(RoundedRectangle(columns: 3...20, rows: 5...9, radius: 0)) == 17 * 4)
  }

  @Test func `a rectangle's part of a pixel is that part of the ink`() {
    var tile = Tile(width: 8, height: 8)
    tile.fill(RoundedRectangle(columns: 2.25...6, rows: 2...6, radius: 0), opacity: 1)
    #expect(tile.amounts[3 * 8 + 2] == UInt8((0.75 * 255 + 0.5) as Float))
    #expect(tile.amounts[3 * 8 + 3] == 255)
  }

  @Test func `rounded corners end at the quarter circles`() {
    let left = 40 * 30 - Self.area(RoundedRectangle(columns: 10...50, rows: 10...40, radius: 10))
    #expect(abs(left - (400 - .pi * 100)) < 2)
  }

  @Test func `a circle's edge has values between the inks`() {
    var canvas = Canvas(size: PictureDescription.mock(size: "64x64").size)
    canvas.paint(.solid(Ink.dark.colour))
    canvas.fill(Disc(x: 32, y: 32, radius: 20), with: .light, opacity: .opaque)
    let levels = Set(Pixels(canvas).colours.map(\.red))
    #expect(levels.contains(Ink.light.level))
    #expect(levels.contains(Ink.dark.level))
    #expect(levels.count > 8)
  }

  @Test func `parts outside the canvas are left out`() {
    var canvas = Canvas(size: PictureDescription.mock(size: "16x16").size)
    canvas.paint(.solid(Ink.dark.colour))
    for centre in [-50, 0, 16, 70] as [Float] {
      canvas.fill(Disc(x: centre, y: centre, radius: 10), with: .light, opacity: .opaque)
    }
    let pixels = Pixels(canvas)
    #expect(pixels[0, 0] == Ink.light.colour)
    #expect(pixels[15, 0] == Ink.dark.colour)
    #expect((0..<16).allSatisfy { pixels.rows[$0 * pixels.stride] == 0 })
  }
}
