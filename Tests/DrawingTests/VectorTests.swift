import Testing

@testable import Drawing

@Suite struct VectorTests {
  @Test func `markup in a prompt is text, and characters that XML forbids are left out`() {
    let svg = Self.svg(.mock("<script>&\"x\"\u{1}\u{fffe}</script>"))
    #expect(!svg.contains("<script"))
    #expect(svg.contains("&lt;script&gt;&amp;&quot;x&quot;"))
    #expect(!svg.unicodeScalars.contains { ($0.value < 32 && $0 != "\n") || $0.value == 0xfffe })
    #expect("a\u{0}b]]>\t".escapedForXML == "ab]]&gt;\t")
  }

  @Test(arguments: TextRenderer.all().map(\.name))
  func `lines are those of the canvas, in order`(name: String) throws {
    let textRenderer = try #require(TextRenderer.all().first { $0.name == name }).textRenderer
    let prompt = "One two three four five six seven eight nine ten eleven twelve"
    let svg = Placeholder.mock(.mock(prompt)).svg(with: textRenderer)
    let lines = svg.matches(of: /font-size="[^"]*"[^>]*>([^<]*)<\/text>/).map { String($0.output.1) }
    #expect(lines.dropLast().joined(separator: " ") == prompt)
    #expect(lines.count > 2 && lines.last == "dall-e-3 | \(Placeholder.timestamp)")
  }

  @Test func `a prompt without end is cut, and says so`() {
    let svg = Self.svg(.mock(String(repeating: "word ", count: 6000)))
    #expect(svg.contains("…</text>"))
    #expect(svg.utf8.count < 40_000)
  }

  @Test(arguments: ["256x256", "1024x1024", "1536x1024"], ["model", "two words "].map { String(repeating: $0, count: 50) })
  func `a long model name cut the time off the watermark`(size: String, model: String) throws {
    let description = PictureDescription.mock("", model: model, size: size)
    let watermark = try #require(Self.svg(description).firstMatch(of: /<text x="([^"]*)"[^>]*textLength="([^"]*)"[^>]*>([^<]*)<\/text>/))
    #expect(watermark.3.hasSuffix("… | \(Placeholder.timestamp)") && watermark.3.hasPrefix(model.prefix(3)))
    let (middle, width) = (try #require(Float(watermark.1)), try #require(Float(watermark.2)))
    let room = Layout(description.size).watermark.columns
    // Both numbers are rounded to hundredths.
    #expect(middle - width / 2 >= Float(room.lowerBound) - 0.01 && middle + width / 2 <= Float(room.upperBound) + 0.01)
  }

  @Test func `a model name that is read from right to left stays left of the time`() {
    let lines = Self.svg(.mock("", model: "שלום")).matches(of: /<text x="([^"]*)"([^>]*)>([^<]*)<\/text>/)
    #expect(lines.map { String($0.3) } == ["שלום", "| \(Placeholder.timestamp)"])
    #expect(lines.map { $0.2.contains("rtl") } == [true, false])
    #expect((Float(lines[0].1) ?? .infinity) < (Float(lines[1].1) ?? 0))
  }

  @Test(.enabled(if: Font.find() != nil, "the built-in alphabet has too few glyphs"))
  func `the last line of a text of many glyphs held all that was left out`() throws {
    let letters = (0xC0...0x52F).compactMap(Unicode.Scalar.init).filter(\.properties.isAlphabetic).map(String.init)
    #expect(letters.count > 2 * ShapingWork.usualLimit)
    let prompt = stride(from: 0, to: letters.count, by: 6).map { letters[$0..<min($0 + 6, letters.count)].joined() }.joined(separator: " ")
    let lines = Self.svg(.mock(prompt, size: "1024x1024")).matches(of: />([^<]*)<\/text>/).map(\.1).dropLast()
    #expect(try #require(lines.last).hasSuffix("…"))
    let shown = lines.joined().filter { $0 != " " && $0 != "…" }
    #expect(shown.unicodeScalars.count == ShapingWork.usualLimit && prompt.filter { $0 != " " }.hasPrefix(shown))
  }

  @Test(arguments: [("שלום עולם", true), ("Hello", false)])
  func `text that is read from right to left says so`(prompt: String, isRightToLeft: Bool) {
    let svg = Self.svg(.mock(prompt))
    #expect(svg.contains("direction=\"rtl\"") == isRightToLeft)
    #expect(svg.contains(">\(prompt)</text>"))
  }

  @Test(arguments: Pattern.allCases)
  func `every pattern has its shapes and no number that SVG does not take`(pattern: Pattern) {
    var placeholder = Placeholder.mock(.mock(quality: .hd))
    placeholder.pattern = pattern
    let svg = placeholder.svg(with: TextRenderer(font: nil))
    #expect(svg.contains("<path fill-opacity=") && !svg.contains("nan") && !svg.contains("inf"))
    #expect(svg.utf8.count < 30_000)
  }

  @Test func `equal descriptions make equal documents, and standard has no gradient`() {
    #expect(Self.svg(.mock(quality: .hd)) == Self.svg(.mock(quality: .hd)))
    #expect(Self.svg(.mock(quality: .hd)).contains("Gradient id=\"background\""))
    #expect(!Self.svg(.mock()).contains("Gradient"))
    let background = "<rect width=\"100%\" height=\"100%\" fill=\"url(#background)\"/>"
    #expect(Self.svg(.mock(quality: .hd)).contains(background))
    #expect(Self.svg(.mock(quality: .hd, isTransparent: true)).contains("<g mask=\"url(#seen)\">\(background)</g>"))
  }

  @Test(arguments: ["1024x1024", "1792x1024", "300x2000"])
  func `a plain document has the canvas's foot`(size: String) throws {
    let placeholder = Placeholder.mock(.mock(size: size))
    let pixels = Pixels(placeholder, with: TextRenderer(font: nil))
    let svg = placeholder.svg(with: TextRenderer(font: nil))
    let foot = try #require(svg.firstMatch(of: /<rect x="0" y="(\d+)" width="(\d+)" height="(\d+)" rx="0" fill="(#[0-9a-f]{6})"/))
    let (top, width, height) = (try #require(Int(foot.1)), try #require(Int(foot.2)), try #require(Int(foot.3)))
    #expect(top + height == pixels.size.height && width == pixels.size.width)
    #expect(pixels[0, top].hexadecimal == foot.4 && pixels[0, top - 1].hexadecimal != foot.4)
  }

  @Test(arguments: Pattern.allCases.filter(\.hasFigures))
  func `a transparent document has every figure in its place`(pattern: Pattern) throws {
    let (description, textRenderer) = (PictureDescription.mock("", model: "", quality: .hd, isTransparent: true), TextRenderer(font: nil))
    var placeholder = Placeholder(description, timestamp: "")
    placeholder.pattern = pattern
    let layout = Layout(description.size)
    let labels = [placeholder.texts(in: layout, with: textRenderer).watermark?.panel].compactMap(\.self)
    let expected = placeholder.figures(of: pattern.tile(unit: placeholder.patternUnit(in: layout)), in: layout, around: labels)
    var found: [String: [SIMD2<Int>]] = [:]
    let svg = placeholder.svg(with: textRenderer)
    for match in svg.matches(of: /<g id="(figure\d+)"[^>]*translate\((-?\d+) (-?\d+)\)/) {
      found[String(match.1)] = [SIMD2(try #require(Int(match.2)), try #require(Int(match.3)))]
    }
    for match in svg.matches(of: /<use href="#(figure\d+)" x="(-?\d+)" y="(-?\d+)"/) {
      let first = try #require(found[String(match.1)]?.first)
      found[String(match.1)]?.append(first &+ SIMD2(try #require(Int(match.2)), try #require(Int(match.3))))
    }
    for (index, figure) in expected.figures.enumerated() { #expect(found["figure\(index)"] ?? [] == figure.places) }
  }

  @Test(arguments: [(0, "0"), (1, "1"), (-1.5, "-1.5"), (0.25, "0.25"), (0.05, "0.05"), (-0.004, "0"), (12.345, "12.35"), (-0.5, "-0.5")])
  func `numbers are short`(value: Float, text: String) {
    #expect(decimal(value) == text)
  }

  private static func svg(_ description: PictureDescription) -> String {
    Placeholder.mock(description).svg(with: TextRenderer(font: Font.find()))
  }
}
