import Testing

@testable import Drawing

struct TextBlockCacheTests {
  @Test func `a text looks the same whether its block was kept or not`() {
    let long = String(repeating: "A long prompt about a lake. ", count: 60)
    let prompts = ["A serene lake at sunset", "", "a\nb", "日本の湖", long]
    for (name, kept) in TextRenderer.all() {
      for round in 0..<2 {
        for (prompt, size) in prompts.flatMap({ prompt in ["256x256", "512x512", "512x256"].map { (prompt, $0) } }) {
          for model in ["dall-e-3", "gpt-image-1"] {
            let picture = Placeholder.mock(.mock(prompt, model: model, size: size))
            let fresh = TextRenderer.all().first { $0.name == name }!.textRenderer
            #expect(Pixels(picture, with: kept) == Pixels(picture, with: fresh), "\(prompt.prefix(20)), \(size), round \(round)")
          }
        }
      }
    }
  }

  private static func key(_ text: String) -> TextBlockCache.Key {
    TextBlockCache.Key(text: text, role: .caption, limit: 10, width: 100, height: 20, sizes: 9...9)
  }

  private static func block(_ text: String) -> TextBlock {
    TextFitting(text: TextRenderer(font: nil).shape(text, limit: 10), width: 100, height: 20, sizes: 9...9).line()
  }

  @Test func `only some short texts are kept`() {
    var cache = TextBlockCache()
    for number in 0..<32 { cache.insert(Self.block("a"), for: Self.key("\(number)")) }
    #expect(cache[Self.key("0")] != nil && cache[Self.key("31")] != nil && cache[Self.key("32")] == nil)
    cache.insert(Self.block("a"), for: Self.key(String(repeating: "a", count: 1001)))
    #expect(cache[Self.key("0")] != nil)
    #expect(cache[Self.key(String(repeating: "a", count: 1001))] == nil)
    cache.insert(Self.block("a"), for: Self.key("32"))
    #expect(cache[Self.key("0")] == nil && cache[Self.key("32")] != nil)
    cache.removeAll()
    #expect(cache[Self.key("32")] == nil)
  }
}
