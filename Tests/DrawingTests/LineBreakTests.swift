import Testing

@testable import Drawing

/// Tests for line breaks by UAX #14; every letter is one em wide.
struct LineBreakTests {
  @Test(
    arguments: [
      ("中文字", 2, ["中文", "字"]), ("中文字。", 3, ["中文", "字。"]), ("中文「字」", 3, ["中文", "「字」"]), ("ab中文cd", 3, ["ab中", "文cd"]),
      ("カーテン", 2, ["カー", "テン"]), ("한국어", 2, ["한국", "어"]), ("ab-cd", 4, ["ab-", "cd"]), ("a (bc)", 5, ["a", "(bc)"]),
      ("ab cd!", 5, ["ab", "cd!"]), ("a\u{A0}b c", 3, ["a\u{A0}b", "c"]), ("กข\u{200B}คง", 2, ["กข", "คง"]),
      ("ab\u{AD}cd", 3, ["ab-", "cd"]), ("ab\u{AD}cd", 4, ["abcd"]), ("ab\u{AD}cd\u{AD}ef", 5, ["abcd-", "ef"]),
      ("x ab\u{AD}cd", 4, ["x", "abcd"]), ("ab\u{AD}", 2, ["ab"]), ("ab\u{AD} cd", 2, ["ab", "cd"]), ("ab\u{AD}\ncd", 2, ["ab", "cd"]),
      ("אב\u{AD}גד", 3, ["-בא", "דג"]),
      ("😀😀😀", 2, ["😀😀", "😀"]), ("a/b/c", 4, ["a/b/", "c"]),
    ] as [(String, Float, [String])])
  func `lines end only where the script allows it`(text: String, width: Float, expected: [String]) {
    let shaped = LineBreakerTests.shape(text)
    let broken = LineBreaker(shaped, width: width)
    #expect(LineBreakerTests.lines(broken, of: shaped) == expected)
    #expect(!broken.hasBrokenWord)
  }

  @Test func `a soft hyphen is shown within the width, however narrow the line, and gives way to an ellipsis`() {
    let text = LineBreakerTests.shape("abc\u{AD}def ghi")
    for width in stride(from: Float(2), to: 12, by: 0.5) {
      let broken = LineBreaker(text, width: width)
      #expect(broken.lines.allSatisfy { $0.advance <= width })
      #expect(LineBreakerTests.lines(broken, of: text).joined().filter { $0 == "-" }.count == (width < 6 ? 1 : 0), "\(width)")
    }
    var broken = LineBreaker(text, width: 5)
    broken.truncate(to: 1)
    #expect(LineBreakerTests.lines(broken, of: text) == ["abc…"])
    #expect(broken.advance == 4)
  }

  @Test func `balanced lines leave room for their hyphens`() {
    let text = LineBreakerTests.shape("aaaa\u{AD}bbb cc\u{AD}dddd ee fffff\u{AD}gg hhh")
    for width in stride(from: Float(6), through: 24, by: 1) {
      let full = LineBreaker(text, width: width)
      let lines = BalancedLines(text.words[...], width: width, count: full.lines.count).lines
      let longest = lines.map { LineBreaker(text, words: $0, width: .infinity).advance }.max() ?? 0
      #expect(longest <= width, "\(width)")
    }
  }

  /// Words used to be broken anywhere.
  @Test(arguments: [
    ("ทะเลสาบที่เงียบสงบ", ["ทะเลสาบ", "ที่", "เงียบ", "สงบ"]), ("แมวนอนหลับ", ["แมว", "นอน", "หลับ"]), ("a แมวนอน b", ["a", "แมว", "นอน", "b"]),
    ("ພາສາລາວແມ່ນໄມ້", ["ພາສາລາວ", "ແມ່ນ", "ໄມ້"]), ("(ໄມ້)", ["(ໄມ້)"]),
  ])
  func `Thai is broken between its words, and Lao before syllables that begin with their vowel`(text: String, words: [String]) {
    let plain = PlainText(text, limit: 100)
    let breaks = LineBreaks(plain, graphemes: Grapheme.all(of: plain))
    var found = [""]
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index > 0, breaks.allowsBreak(before: index) { found.append("") }
      if scalar != " " { found[found.count - 1].unicodeScalars.append(scalar) }
    }
    #expect(found == words)
  }

  @Test func `no break of Thai parts a letter from its vowel or tone`() {
    let text = PlainText(String(repeating: "ผู้ใหญ่ปั้นญี่ปุ่นน้ำกี่ก์", count: 40), limit: 4000)
    let graphemes = Grapheme.all(of: text)
    let breaks = LineBreaks(text, graphemes: graphemes)
    let starts = Set(graphemes.map(\.scalars.lowerBound))
    #expect(text.scalars.indices.dropFirst().allSatisfy { !breaks.allowsBreak(before: $0) || starts.contains($0) })
  }

  @Test(arguments: [
    "ก", "กก", "\u{0E31}", "\u{0E4C}ก", "เ", String(repeating: "ตากลม", count: 2000), String(repeating: "ก", count: 10_000),
  ])
  func `any text of Thai letters is broken, however long`(text: String) {
    let plain = PlainText("a" + text, limit: .max)
    _ = LineBreaks(plain, graphemes: Grapheme.all(of: plain))
  }

  @Test func `Khmer, for which there is no dictionary, is broken rather than let over the edge`() {
    let text = LineBreakerTests.shape("កខគឃងចឆជ")
    let broken = LineBreaker(text, width: 3)
    #expect(broken.hasBrokenWord)
    #expect(broken.lines.allSatisfy { $0.advance <= 3 })
  }

  @Test(arguments: ["👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}", "1️⃣", "e\u{0301}\u{0323}", "नि", "ที่", "각"])
  func `a grapheme is never cut`(grapheme: String) throws {
    let font = try #require(Font.find())
    let text = TextRenderer(font: font).shape(grapheme + grapheme, limit: 100)
    #expect(text.words.reduce(0) { $0 + $1.clusters.count } == 2)
  }

  @Test func `a cluster that is wider than the box makes the text smaller`() throws {
    let font = try #require(Font.find())
    let textRenderer = TextRenderer(font: font)
    let text = textRenderer.shape("\u{FDFD}", limit: 10)
    let fitting = TextFitting(text: text, width: 100, height: 100, sizes: 5...50)
    #expect(try #require(fitting.block()).width <= 100)
  }
}
