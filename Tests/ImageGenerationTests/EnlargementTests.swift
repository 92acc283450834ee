import ImageCoding
import Testing

@testable import ImageGeneration

@Suite struct EnlargementTests {
  @Test(arguments: [
    ("60x40", Enlargement.factor(2), "120x80"), ("61x41", .factor(2.5), "153x103"), ("1x1", .factor(4), "4x4"),
    ("1024x1024", .factor(4), "4096x4096"), ("60x40", .to("60x40"), "60x40"), ("60x40", .to("91x61"), "91x61"),
    ("1000x10", .to("2040x20"), "2040x20"), ("2048x2048", .to("4096x4096"), "4096x4096"),
  ])
  func `the proportions are kept, within rounding`(old: String, enlargement: Enlargement, new: String) throws {
    #expect(try enlargement.size(of: .mock(old)).description == new)
  }

  @Test(arguments: [
    ("1025x10", Enlargement.factor(4), "scale is 4.0; allowed: a factor that makes 1025x10 no larger than 4096x4096"),
    ("60x40", .factor(1.9), "scale is 1.9; allowed: 2 to 4"), ("60x40", .factor(.nan), "scale is nan; allowed: 2 to 4"),
    ("60x40", .to("59x40"), "size is 59x40; allowed: at least the image's own, 60x40"),
    ("60x40", .to("120x83"), "size is 120x83; allowed: a size with the proportions of the image, 60x40"),
  ])
  func `what is too large, too small or another shape is refused`(old: String, enlargement: Enlargement, line: String) throws {
    let error = #expect(throws: ImageGenerationError.self) { try enlargement.size(of: .mock(old)) }
    #expect(error?.description == line)
  }

  @Test func `a picture that was reduced is not enlarged again`() throws {
    let reduced = DecodedImage(
      width: 1, height: 1, hasAlpha: false, pixels: [0, 0, 0, 255], originalSize: DecodedImage.Size(width: 2500, height: 2000))
    let error = #expect(throws: ImageGenerationError.self) { try Enlargement.factor(2).size(of: reduced) }
    #expect(error?.description == "image is 2500x2000; allowed: at most 4194304 pixels")
  }

  @Test(arguments: ImageFormat.allCases)
  func `an upscale is written in every format`(format: ImageFormat) throws {
    let renderer = try ImageRenderer()
    let small = try renderer.image(of: ImageJob(prompt: "a", size: PictureSize(width: 64, height: 64)!, isTransparent: true))
    let large = try renderer.upscale(small, by: .factor(3), encoding: Encoding(format))
    guard [.png, .jpeg, .webp].contains(format) else { return #expect(large.starts(with: format == .gif ? "GIF89a".utf8 : "<svg".utf8)) }
    let image = try ImageDecoder.decode(large.span)
    #expect((image.width, image.height, image.hasAlpha) == (192, 192, format != .jpeg))
  }
}

extension Enlargement {
  fileprivate static func to(_ size: String) -> Enlargement { .size(PictureSize(size)!) }
}

extension DecodedImage {
  fileprivate static func mock(_ size: String) -> DecodedImage {
    let size = PictureSize(size)!
    let pixels = [UInt8](repeating: 255, count: 4 * size.width * size.height)
    return DecodedImage(width: size.width, height: size.height, hasAlpha: false, pixels: pixels)
  }
}
