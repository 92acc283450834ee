import Hashing
import Testing

@testable import Drawing

/// Prompts that nobody would write. The generator has a fixed seed, so that failures repeat.
struct FuzzTests {
  /// Ranges of scalars: each prompt mixes a few of them.
  static let pools: [ClosedRange<UInt32>] = [
    0...0x1F, 0x20...0x7E, 0x80...0x24F, 0x300...0x36F, 0x370...0x52F, 0x590...0x6FF, 0x900...0xDFF, 0xE00...0xFFF, 0x1000...0x137F,
    0x1780...0x18AF, 0x1100...0x11FF, 0x200B...0x200F, 0x2028...0x202F, 0x2060...0x206F, 0x2190...0x2BFF, 0x3000...0x30FF, 0x4E00...0x9FFF,
    0xAC00...0xD7A3, 0xE000...0xF8FF, 0xFB50...0xFDFF, 0xFE00...0xFE0F, 0xFFF0...0xFFFF, 0x1D800...0x1DAAF, 0x1F1E6...0x1F1FF,
    0x1F300...0x1FAFF, 0x1F3FB...0x1F3FF, 0x20000...0x2A6DF, 0xE0000...0xE01EF, 0x200D...0x200D, 0...0x10FFFF,
  ]

  static func prompt(seed: UInt64) -> String {
    var generator = SplitMix64(seed: seed)
    let chosen = generator.shuffled(pools).prefix(1 + generator.next(below: 4))
    let count = [3, 30, 300, 3000, 32000][generator.next(below: 5)]
    var scalars = String.UnicodeScalarView()
    for _ in 0..<count {
      let pool = chosen[generator.next(below: chosen.count)]
      let value = pool.lowerBound + UInt32(generator.next(below: pool.count))
      if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  @Test(arguments: ["256x256", "96x32", "33x257"])
  func `no prompt reaches the margin, whatever it is`(size: String) throws {
    let textRenderer = TextRenderer(font: Font.find())
    let background = Colour(red: 52, green: 199, blue: 89)
    let plain = Pixels.plain(PictureDescription.mock(size: size).size, background)
    let safe = Layout(plain.size).safe
    for seed in 0..<100 as Range<UInt64> {
      let pixels = Pixels(.mock(.mock(Self.prompt(seed: seed), size: size), on: background), with: textRenderer)
      guard let edges = pixels.changedBox(from: plain) else { continue }
      #expect(edges.intersection(safe) == edges, "seed \(seed)")
    }
  }

  @Test func `lines keep to their width and in reading order`() {
    let textRenderer = TextRenderer(font: Font.find())
    for seed in 100..<200 as Range<UInt64> {
      let text = textRenderer.shape(Self.prompt(seed: seed), limit: 2000)
      let broken = LineBreaker(text, width: 12)
      #expect(broken.lines.allSatisfy { $0.advance <= 12.001 || $0.clusters.count == 1 }, "seed \(seed)")
      let ordered = text.clusters[1..<(text.hyphen ?? text.clusters.count)]
      #expect(zip(ordered, ordered.dropFirst()).allSatisfy { $0.scalar < $1.scalar }, "seed \(seed)")
      for line in broken.lines { #expect(line.visualOrder(in: text).sorted() == Array(line.clusters), "seed \(seed)") }
    }
  }

  /// libunibreak ended the process at the letters of flags and at U+FFFF.
  @Test func `lines can be broken at every scalar there is`() {
    for start in stride(from: UInt32(0x20), to: 0x110000, by: 0x1000) {
      let scalars = (start..<min(start + 0x1000, 0x110000)).compactMap(Unicode.Scalar.init)
      let text = PlainText(scalars.map { "a\($0)" }.joined() + " b", limit: .max)
      for graphemes in [[], Grapheme.all(of: text)] {
        let breaks = LineBreaks(text, graphemes: graphemes)
        #expect(breaks.allowsBreak(before: text.scalars.count - 1))
        #expect(!breaks.allowsBreak(before: text.scalars.count - 2))
      }
    }
  }

  /// A prompt with more glyphs than the cache holds used to draw each of them twice, for the shadow and for the letter.
  @Test func `a glyph is drawn once a picture, however many there are`() {
    let face = CountingTypeface()
    let prompt = String(String.UnicodeScalarView((0x4E00..<0x4E00 + 250).compactMap(Unicode.Scalar.init)))
    let placeholder = Placeholder.mock(.mock(prompt, model: "", size: "3840x2160"), on: Colour(red: 52, green: 199, blue: 89))
    _ = Pixels(placeholder, with: TextRenderer(FontStack(face)))
    #expect((250...350).contains(face.drawnCount))
  }

  @Test(arguments: ["3840x2160", "2160x3840", "2880x2880"])
  func `of a prompt in which no glyph recurs, little more is looked at than may be drawn`(size: String) {
    let face = CountingTypeface()
    let textRenderer = TextRenderer(FontStack(face))
    let prompt = String(String.UnicodeScalarView((0x4E00..<0x4E00 + 20_000).compactMap(Unicode.Scalar.init)))
    let layout = Layout(PictureDescription.mock(size: size).size)
    let asked = face.askedCount
    let text = textRenderer.shape(prompt, for: layout.promptArea)
    #expect(face.askedCount - asked <= 2 * layout.promptArea.glyphLimit)
    let more = textRenderer.shape(prompt, limit: layout.promptArea.scalarLimit, glyphLimit: layout.promptArea.glyphLimit)
    #expect(text.clusters.count == more.clusters.count)
    #expect(text.words.count == more.words.count)
  }

  @Test func `a long prompt of few glyphs is shaped as far as there is room`() {
    let textRenderer = TextRenderer(FontStack(CountingTypeface()))
    let layout = Layout(PictureDescription.mock(size: "3840x2160").size)
    let text = textRenderer.shape(String(repeating: "山のあなたの空遠く", count: 3000), for: layout.promptArea)
    #expect(text.clusters.count > 2 * layout.promptArea.glyphLimit + 100)
    #expect(text.advance >= layout.promptArea.capacity)
  }

  /// Each of these prompts used to take, or could take, endless work.
  @Test(arguments: [
    "Z" + String(repeating: "\u{0301}", count: 10_000), String(repeating: "😀\u{200D}", count: 16_000),
    String(repeating: "\u{200D}", count: 32_000),
    String(repeating: "\u{2067}a", count: 16_000), String(repeating: "\u{202B}a\u{202A}ב", count: 8_000),
    String(repeating: "(", count: 16_000),
    String(repeating: "क्", count: 16_000), String(repeating: "\u{1F1E6}", count: 32_000), String(repeating: "ᄒ", count: 32_000),
    "🏴" + String(repeating: "\u{E0067}", count: 31_000), String(repeating: "\u{FDFD}", count: 3_000),
    String(repeating: "\n", count: 32_000),
  ])
  func `long runs of marks and joiners are cut short`(prompt: String) throws {
    let textRenderer = TextRenderer(font: Font.find())
    let text = textRenderer.shape(prompt, limit: 5500)
    #expect(text.clusters.allSatisfy { $0.advance < 24 && $0.glyphs.count < 24 })
    #expect(text.ascent < 2 && text.descent < 1.5)
    _ = Pixels(.mock(.mock(prompt)), with: textRenderer)
  }
}
