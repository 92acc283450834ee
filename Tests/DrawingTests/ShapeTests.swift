import Glibc
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

  @Test(arguments: [4, 11.5, 20] as [Float])
  func `a leaf covers two segments of a circle`(width: Float) {
    let leaf = Leaf(from: SIMD2(12, 50), to: SIMD2(48, 14), width: width)
    let length = 36 * Float(2).squareRoot()
    let radius = (length * length + width * width) / (4 * width)
    let half = asin(length / 2 / radius)
    let area = 2 * radius * radius * (half - sin(2 * half) / 2)
    #expect(abs(Self.area(leaf) - area) < 0.03 * area)
  }

  @Test func `quarters of a ring make a ring without a seam`() {
    var (quarters, whole) = (Tile(width: 64, height: 64), Tile(width: 64, height: 64))
    for (x, y): (Float, Float) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
      quarters.fill(QuarterRing(centre: SIMD2(32, 32), inwards: SIMD2(x, y), radius: 20, thickness: 7.5), opacity: 0.5)
    }
    whole.fill(Ring(x: 32, y: 32, radius: 20, thickness: 7.5), opacity: 0.5)
    #expect(quarters.amounts == whole.amounts)
  }

  /// As far as scales in front leave it, the area is that of a disc without those of its neighbours.
  @Test func `a scale is the part of its disc that those in front leave`() {
    let radius: Float = 20
    let (x, y): (Float, Float) = (32, 30)
    let expected = (0..<64 * 64).count { place in
      let point = SIMD2(Float(place % 64) + 0.5 - x, Float(place / 64) + 0.5 - y)
      func isWithin(_ across: Float, _ down: Float) -> Bool {
        let way = point - SIMD2(across, down)
        return (way * way).sum() < radius * radius
      }
      return isWithin(0, 0) && !isWithin(-radius, radius / 2) && !isWithin(radius, radius / 2) && !isWithin(0, radius)
    }
    let bands = [(0, 8), (8, 15), (15, 20)].map { ScaleBand(x: x, y: y, radius: radius, inner: $0, outer: $1) }
    #expect(abs(bands.reduce(0) { $0 + Self.area($1) } - Float(expected)) < 0.04 * Float(expected))
  }

  @Test func `polygons that meet in a point with sharp corners make no blot there`() {
    func blot(cutsTips: Bool) -> Int {
      var tile = Tile(width: 64, height: 64)
      let corners = (0..<16).map { number in
        let angle = 2 * Float.pi * Float(number) / 16
        return SIMD2(32 + 30 * cos(angle), 32 + 30 * sin(angle))
      }
      for (one, other) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
        tile.fill(ConvexPolygon(corners: [SIMD2(32, 32), one, other], cutsTips: cutsTips), opacity: 0.2)
      }
      return [(31, 31), (32, 31), (31, 32), (32, 32)].map { x, y in Int(tile.amounts[64 * y + x]) }.max() ?? 0
    }
    #expect(blot(cutsTips: true) < blot(cutsTips: false) * 7 / 8)
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
