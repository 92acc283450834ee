import Drawing
import ImageCoding
import Testing

@testable import ImageGeneration

@Suite struct FittedPictureTests {
  @Test(arguments: [
    (200, 100, "100x100", CoveringPart(left: 50, top: 0, width: 100, height: 100)),
    (100, 200, "100x100", CoveringPart(left: 0, top: 50, width: 100, height: 100)),
    (1024, 1024, "1536x1024", CoveringPart(left: 0, top: 170, width: 1024, height: 683)),
    (1920, 1080, "1024x1536", CoveringPart(left: 600, top: 0, width: 720, height: 1080)),
    (1536, 1024, "1536x1024", CoveringPart(left: 0, top: 0, width: 1536, height: 1024)),
    (3000, 2000, "1536x1024", CoveringPart(left: 0, top: 0, width: 3000, height: 2000)),
    (1, 1, "3840x64", CoveringPart(left: 0, top: 0, width: 1, height: 1)),
    (32768, 1, "64x3840", CoveringPart(left: 16383, top: 0, width: 1, height: 1)),
    (7, 5, "1x1", CoveringPart(left: 1, top: 0, width: 5, height: 5)),
  ]) func `the middle of a picture is shown, as much of it as possible`(width: Int, height: Int, size: String, part: CoveringPart) {
    #expect(CoveringPart(ofWidth: width, height: height, for: PictureSize(size)!) == part)
  }

  @Test func `the part is inside and has the proportions, for any two sizes`() {
    for _ in 0..<10_000 {
      let (width, height) = (Int.random(in: 1...5000), Int.random(in: 1...5000))
      let size = PictureSize(width: .random(in: 1...4096), height: .random(in: 1...4096))!
      let part = CoveringPart(ofWidth: width, height: height, for: size)
      #expect(part.left >= 0 && part.top >= 0 && part.left + part.width <= width && part.top + part.height <= height)
      #expect(part.width == width || part.height == height)
      // One side is the other's, rounded.
      let difference = abs(part.width * size.height - part.height * size.width)
      #expect(2 * difference <= max(size.width, size.height) || part.width == 1 || part.height == 1)
    }
  }

  /// Three vertical stripes: red, green, blue.
  private func stripes(_ width: Int, _ height: Int, alpha: UInt8 = 255) -> DecodedImage {
    let colours: [[UInt8]] = [[255, 0, 0, alpha], [0, 255, 0, alpha], [0, 0, 255, alpha]]
    var row: [UInt8] = []
    for x in 0..<width { row += colours[x * 3 / width] }
    let pixels = [[UInt8]](repeating: row, count: height).flatMap { $0 }
    return DecodedImage(width: width, height: height, hasAlpha: alpha < 255, pixels: pixels)
  }

  @Test(arguments: [(300, 100, "100x100"), (600, 200, "100x100"), (30, 10, "100x100"), (90, 30, "20x20")])
  func `what is outside is cut off on both sides`(width: Int, height: Int, size: String) {
    let size = PictureSize(size)!
    let shown = FittedPicture(stripes(width, height), covering: size, keepsAlpha: true)
    #expect(shown.rows.count == size.height * (1 + 3 * size.width) && !shown.hasAlpha)
    var green: [UInt8] = [0]
    for _ in 0..<size.width { green += [0, 255, 0] }
    #expect(shown.rows == [[UInt8]](repeating: green, count: size.height).flatMap { $0 })
  }

  @Test func `without an alpha channel, what is transparent is white`() {
    let size = PictureSize(width: 3, height: 2)!
    let shown = FittedPicture(stripes(3, 2, alpha: 51), covering: size, keepsAlpha: false)
    #expect(shown.rows.prefix(10) == [0, 255, 204, 204, 204, 255, 204, 204, 204, 255] && !shown.hasAlpha)
    #expect(FittedPicture(stripes(3, 2, alpha: 51), covering: size, keepsAlpha: true).rows.prefix(5) == [0, 255, 0, 0, 51])
  }

  @Test func `a picture that is scaled stays transparent, or becomes white where it was`() {
    let size = PictureSize(width: 20, height: 20)!
    let clear = FittedPicture(stripes(90, 30, alpha: 51), covering: size, keepsAlpha: true)
    #expect(clear.hasAlpha && clear.rows.prefix(9) == [0, 0, 255, 0, 51, 0, 255, 0, 51])
    let white = FittedPicture(stripes(90, 30, alpha: 51), covering: size, keepsAlpha: false)
    #expect(!white.hasAlpha && white.rows.prefix(7) == [0, 204, 255, 204, 204, 255, 204])
  }

  @Test func `a file as large as the largest image is not reduced`() throws {
    let side = PictureSize.maximumSide
    let row = [0] + pixels(side) { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 4), 90] }
    var rows: [UInt8] = []
    for _ in 0..<side { rows += row }
    var encoder = PNGEncoder()
    let png = try encoder.encode(rows.span, width: side, height: side, hasAlpha: false)
    var allowance = SourceImages.allowance
    let image = try ImageDecoder.decode(png.span, toPixels: FittedPicture.mostPixels, allowance: &allowance)
    // Not in the expectation, which would look for the differences of 50 MB for minutes.
    let isSame = FittedPicture(image, covering: PictureSize(width: side, height: side)!, keepsAlpha: true).rows == rows
    #expect(isSame)
  }

  private func pixels(_ count: Int, _ pixel: (Int) -> [UInt8]) -> [UInt8] {
    var pixels: [UInt8] = []
    for index in 0..<count { pixels += pixel(index) }
    return pixels
  }

  @Test func `a partial image has squares of mean colours`() {
    let size = PictureSize(width: 8, height: 4)!
    let halves = pixels(32) { [$0 % 4 < 2 ? 0 : 200, 100, 0, 255] }
    let shown = FittedPicture(DecodedImage(width: 8, height: 4, hasAlpha: false, pixels: halves), covering: size, keepsAlpha: true)
    #expect(shown.reduced(to: .coarse(squares: 2)).rows.prefix(7) == [0, 100, 100, 0, 100, 100, 0])
    #expect(shown.reduced(to: .finished).rows == shown.rows && shown.reduced(to: .coarse(squares: 8)).rows == shown.rows)
    let clear = pixels(32) { [200, 0, 0, $0 % 2 == 0 ? 255 : 0] }
    let seen = FittedPicture(DecodedImage(width: 8, height: 4, hasAlpha: true, pixels: clear), covering: size, keepsAlpha: true)
    #expect(seen.reduced(to: .coarse(squares: 2)).rows.prefix(5) == [0, 200, 0, 0, 127])
  }
}
