import FoundationEssentials
import Testing

@testable import Drawing

/// What a renderer keeps of templates.
@Suite struct TemplateCacheTests {
  /// The key of an image of 4x4 pixels, of which a raster has 52 bytes.
  private static func key(_ number: UInt64) -> TemplateCache.Key {
    .image(TemplateFileID(number), part: CoveringPart(left: 0, top: 0, width: 4, height: 4), width: 4, height: 4)
  }

  private static let size = 52

  private static func raster(side: Int = 4) -> Raster { Raster(.solid(GradientTests.red), on: PictureSize(width: side, height: side)!) }

  /// Asks for rasters one after the other.
  ///
  /// - Returns: those that had to be made.
  @discardableResult
  private static func made(_ numbers: UInt64..., of cache: TemplateCache) -> [UInt64] {
    var made: [UInt64] = []
    for number in numbers {
      _ = cache.raster(key(number)) {
        made.append(number)
        return raster()
      }
    }
    return made
  }

  @Test func `a raster is made once`() {
    let cache = TemplateCache()
    #expect(Self.made(1, 2, 1, 2, of: cache) == [1, 2])
    #expect(cache.count == 2 && cache.byteCount == 2 * Self.size)
  }

  @Test func `the raster that was not used for longest makes room`() {
    let cache = TemplateCache(byteLimit: 2 * Self.size)
    #expect(Self.made(1, 2, 1, 3, of: cache) == [1, 2, 3])
    #expect(cache.count == 2 && cache.byteCount == 2 * Self.size)
    #expect(Self.made(1, 3, of: cache).isEmpty)
    #expect(Self.made(2, of: cache) == [2])
  }

  @Test func `a raster above the limit is not kept, and takes no other's place`() {
    let cache = TemplateCache(byteLimit: 2 * Self.size)
    Self.made(1, 2, of: cache)
    _ = cache.raster(Self.key(3)) { Self.raster(side: 9) }
    #expect(cache.count == 2 && cache.byteCount == 2 * Self.size)
    #expect(Self.made(1, 2, of: cache).isEmpty)
  }

  private static func font(_ file: String, id: UInt64) throws -> TemplateFont {
    let bytes = try Data(contentsOf: URL(filePath: "/usr/share/fonts/truetype/dejavu/\(file).ttf"))
    return try TemplateFont([UInt8](bytes), name: file, id: TemplateFileID(id))
  }

  @Test func `each font has a renderer of its own, and the four that were used last are open`() throws {
    let cache = TemplateCache()
    let fonts = try (1...5).map { try Self.font($0 == 2 ? "DejaVuSans-Bold" : "DejaVuSans", id: $0) }
    let renderers = fonts.prefix(4).compactMap(cache.renderer)
    #expect(Set(renderers.map(ObjectIdentifier.init)).count == 4)
    let widths = renderers.prefix(2).map { $0.shape("Hamburg", limit: 10).advance }
    #expect(widths[0] != widths[1])
    #expect(cache.renderer(of: fonts[0]) === renderers[0])
    _ = cache.renderer(of: fonts[4])
    #expect(cache.renderer(of: fonts[0]) === renderers[0])
    #expect(cache.renderer(of: fonts[2]) === renderers[2])
    #expect(cache.renderer(of: fonts[1]) !== renderers[1])
  }

  @Test func `fonts close what they borrowed before the next picture`() throws {
    let cache = TemplateCache()
    let renderer = try #require(cache.renderer(of: Self.font("DejaVuSans", id: 1)))
    let key = TextBlockCache.Key(text: "a", role: .prompt, limit: 10, width: 100, height: 40, sizes: 9...9)
    func isMade() -> Bool {
      var isMade = false
      _ = renderer.block(key) {
        isMade = true
        return TextFitting(text: renderer.shape("a", limit: 10), width: 100, height: 40, sizes: 9...9).line()
      }
      return isMade
    }
    #expect(isMade() && !isMade())
    cache.begin()
    #expect(!isMade())
    // More ideographs than may be used before fonts are closed.
    for first in stride(from: 0x4e00, to: 0x4e00 + 2000, by: 100) {
      _ = renderer.shape(String((first..<first + 100).map { Character(Unicode.Scalar($0)!) }), limit: 100)
    }
    #expect(!isMade())
    cache.begin()
    #expect(isMade())
  }
}
