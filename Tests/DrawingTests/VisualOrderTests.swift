import Testing

@testable import Drawing

/// Tests for the visual order of lines, from left to right. Lower-case Latin is read from left to right, Hebrew from right to left.
struct VisualOrderTests {
  @Test(arguments: [
    ("ab אבג cd", "ab גבא cd"), ("אבג ab cd דה", "הד ab cd גבא"), ("ab אב גד cd", "ab דג בא cd"),
    // Digits keep their order in Hebrew words. Brackets are mirrored with their words.
    ("אב 12 גד", "דג 12 בא"), ("אב (cd) ה", "ה (cd) בא"), ("(אב)", "(בא)"), ("ab (אב) c", "ab (בא) c"), ("אב-12", "12-בא"),
    // A question mark belongs to the paragraph.
    ("ab אב?", "ab בא?"), ("אב ab?", "?ab בא"),
  ])
  func `a line is ordered by the bidirectional algorithm`(text: String, expected: String) {
    #expect(LineBreakerTests.lines(text, width: 100) == [expected])
  }

  @Test(arguments: [
    ("\u{202E}abc\u{202C} d", "cba d"), ("\u{200F}ab?", "?ab"), ("אב ab?\u{200E}", "ab? בא"), ("ab \u{2067}אב c\u{2069} d", "ab c בא d"),
    ("אב\u{2066}ab?\u{2069}", "ab?בא"),
  ])
  func `controls steer the order and are not seen`(text: String, expected: String) {
    #expect(LineBreakerTests.lines(text, width: 100) == [expected])
  }

  @Test func `each line is ordered by itself, after it was broken`() {
    #expect(LineBreakerTests.lines("אב גד הו ab", width: 5) == ["דג בא", "ab וה"])
  }

  @Test func `each paragraph is read as its first strong letter`() {
    #expect(LineBreakerTests.lines("אב ab\nab אב\n12 אב", width: 100) == ["ab בא", "ab בא", "בא 12"])
  }

  @Test(arguments: [("אב גד הו זח", "…דג בא"), ("ab cd ef gh", "ab cd…"), ("ab אב גד הו", "ab בא…")])
  func `an ellipsis is at the end in reading order`(text: String, expected: String) {
    let text = LineBreakerTests.shape(text)
    var broken = LineBreaker(text, width: 6)
    broken.truncate(to: 1)
    #expect(LineBreakerTests.lines(broken, of: text) == [expected])
  }

  @Test func `embeddings as deep as can be are ordered`() {
    let deep = String(repeating: "\u{202B}a\u{202A}ב", count: 200)
    let line = LineBreakerTests.lines(deep, width: 1000)[0]
    #expect(line.count == 400)
    #expect(line.filter { $0 == "a" }.count == 200)
  }
}
