import Testing

@testable import Drawing

/// Texts with placeholders.
@Suite struct TemplateTextTests {
  private func words(index: Int = 0, count: Int = 1) -> TemplateWords {
    TemplateWords(count: count).of(.mock(.mock("a | b", model: "m", index: index)))
  }

  @Test(arguments: [
    ("{model} | {time}", "m", Placeholder.timestamp), ("a | b | c", "a | b", "c"), ("{prompt} | {model}", "a | b", "m"),
    (" | a", "", "a"), ("a | {prompt}", "a", "a | b"), ("a{model} | b{model}", "am", "bm"),
  ]) func `a watermark is divided at the last bar that is not part of a word`(text: String, before: String, after: String) throws {
    let halves = try TemplateText(parsing: text).halves(words())
    #expect(halves.0 == before && halves.1 == after)
  }

  @Test(arguments: ["{prompt}", "a|b", "{model}"]) func `a watermark without a bar is whole`(text: String) throws {
    let halves = try TemplateText(parsing: text).halves(words())
    #expect(try halves.0 == TemplateText(parsing: text).text(words()) && halves.1 == nil)
  }

  @Test func `an image counts from 1, and there are never fewer than its number`() throws {
    let text = try TemplateText(parsing: "{index}/{n}")
    #expect(text.text(words(index: 0, count: 3)) == "1/3")
    #expect(text.text(words(index: 3, count: 1)) == "4/4")
  }
}
