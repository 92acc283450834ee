import ImageCoding
import Testing

@Suite struct ReductionTests {
  @Test(arguments: [(1000, 800), (16384, 3), (1, 4096), (333, 333), (4, 4)], [1, 7, 10_000, 1 << 20])
  func `a reduced picture has no more pixels than it may, and the same colour`(size: (width: Int, height: Int), limit: Int) {
    let pixels = (0..<size.width * size.height).flatMap { _ in [200, 100, 50, 255] as [UInt8] }
    let image = DecodedImage(width: size.width, height: size.height, hasAlpha: false, pixels: pixels)
    let reduced = image.reduced(toPixels: limit)
    #expect(reduced.width * reduced.height <= max(limit, 1))
    #expect(reduced.pixels.prefix(4) == [200, 100, 50, 255] && reduced.pixels.suffix(4) == [200, 100, 50, 255])
    if size.width * size.height <= limit { #expect(reduced == image) }
  }

  @Test func `a pixel is the mean of the visible pixels in its square`() {
    let pixels: [UInt8] = [0, 0, 0, 255, 100, 0, 0, 255, 200, 0, 0, 255, 255, 255, 255, 0]
    let image = DecodedImage(width: 2, height: 2, hasAlpha: true, pixels: pixels)
    #expect(image.reduced(toPixels: 1).pixels == [100, 0, 0, 191])
  }
}
