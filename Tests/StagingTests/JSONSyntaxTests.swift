import Staging
import Testing

@Suite struct JSONSyntaxTests {
  @Test(arguments: [
    "{}", " [ ] ", "0", "-1.5e+10", #""""#, #""\"\\\/\b\f\n\r\t\u00e4ä""#, "true", "false", "null",
    "{\"a\": [1, {\"b\": null}],\r\n\t\"c\": \"\"}",
  ])
  func `JSON has no error`(text: String) { #expect(JSONSyntax.error(in: Array(text.utf8)) == nil) }

  @Test(arguments: [
    ("", 1, 1), ("{", 1, 2), ("[1 2]", 1, 4), ("{\"a\":\n tru}", 2, 5), ("{a: 1}", 1, 2), ("[01]", 1, 3), ("[-]", 1, 3), ("[1.]", 1, 4),
    ("[\"a\nb\"]", 1, 4), ("[\"\\x\"]", 1, 4), ("[\"\\u12g4\"]", 1, 7), ("[1],", 1, 4), ("// no\n[]", 1, 1), ("['a']", 1, 2), ("[1", 1, 3),
  ])
  func `the first byte that cannot stand there is told`(text: String, line: Int, column: Int) {
    let error = JSONSyntax.error(in: Array(text.utf8))
    #expect(error?.line == line && error?.column == column)
  }
}
