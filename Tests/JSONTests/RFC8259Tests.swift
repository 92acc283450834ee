import JSON
import Testing

/// Documents of the kinds that <https://github.com/nst/JSONTestSuite> tells apart: `y`, which every parser must take; `n`, which every parser
/// must refuse; and `i`, which the RFC leaves to each. Each is tried by itself, as an element, as the value of a member and, where it is one,
/// in the middle of a longer document, for a parser that skips what it does not want must not skip mistakes.
@Suite struct RFC8259Tests {
  private static func accepts(_ document: [UInt8]) -> Bool { (try? JSONValue(parsing: document)) != nil }

  private static func inEveryPlace(_ value: [UInt8]) -> [[UInt8]] {
    let around = [("", ""), ("[", "]"), ("[0,", ",0]"), ("{\"a\":", "}"), ("{\"a\":[[{\"b\":", "}]],\"c\":0}"), (" \t\r\n", "\n")]
    return around.map { Array($0.0.utf8) + value + Array($0.1.utf8) }
  }

  static let valid: [String] = [
    "[]", "{}", "[[]   ]", "[\"\"]", "[null]", "[1\n]", " [1]", "[1,null,null,null,2]", "[2] ", "[0]", "[-0]", "[-1]", "[-0.1]", "[123]",
    "[1E22]", "[1e-2]", "[1e+2]", "[123e45]", "[123e-10000000]", "[0e1]", "[0e+1]", "[-0.0]", "[123.456e78]", "[123.456789]",
    "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]", "{\"\":0}", "{\"a\":[]}",
    "{\"a\":\"b\",\"a\":\"c\"}",
    "{\"a\":\"b\",\"a\":\"b\"}", "{\"foo\\u0000bar\": 42}", "{\n\"a\": \"b\"\n}", "{\"a\":\"\\u041f\\u043e\"}",
    "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]",
    "[\"a/*b*/c/*d//e\"]",
    "[\"\\\\a\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[\"asd\"]", "[ \"asd\"]", "[\"\\uDBFF\\uDFFF\"]", "[\"new\\u00A0line\"]",
    "[\"\u{10FFFF}\"]",
    "[\"\u{FFFF}\"]", "[\"\\u0000\"]", "[\"\\u002c\"]", "[\"π\"]", "[\"\u{1BFFF}\"]", "[\" \"]", "\" \"", "[\"\\uD834\\uDd1e\"]",
    "[\"\\u0821\"]",
    "[\"\\u0123\"]", "[\"\u{2028}\"]", "[\"\u{2029}\"]", "[\"\u{7f}\"]", "[\"a\u{7f}a\"]", "[\"⍂㈴⍂\"]", "[\"\\u005C\"]", "[\"\\u0022\"]",
    "false", "42",
    "-0.1", "null", "\"asd\"", "true", "\"\"", "[\"a\"]\n", "[true]", " [] ",
    String(repeating: "[", count: 400) + String(repeating: "]", count: 400),
  ]

  @Test(arguments: valid) func `valid documents are taken in every place`(text: String) {
    for document in Self.inEveryPlace(Array(text.utf8)) { #expect(Self.accepts(document), "\(String(decoding: document, as: UTF8.self))") }
  }

  static let invalid: [String] = [
    "[1 true]", "[a]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x", "[3[4]]", "[1:2]",
    "[,]", "[-]",
    "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{B}a\"\\f]", "[*]", "[\"\"", "[1,", "[1,\n1\n,1", "[{}", "[fals]", "[nul]",
    "[tru]",
    "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]",
    "[0E+]",
    "[0E]", "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]",
    "[NaN]",
    "[１]", "[1+2]", "[0x1]", "[0x42]", "[Infinity]", "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]",
    "[-1x]",
    "[1ea]", "[1.]", "[.123]", "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "[\"x\", truth]", "{[: \"x\"}", "{\"x\", null}",
    "{\"x\"::\"b\"}",
    "{🇨🇭}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}",
    "{null:null,null:null}", "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//",
    "{\"a\":\"b\"}/", "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a", "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#",
    "[\"\\uD800\\\"]",
    "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]", "[é]", "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\🌀\"]", "[\"\\\"]",
    "[\"\\u00A\"]",
    "[\"\\uD834\\uDd\"]", "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\\u0020\"asd\"]", "[\\n]", "\"", "['single quote']",
    "abc",
    "[\"\\", "[\"a\u{0}a\"]", "[\"new\nline\"]", "[\"\t\"]", "\"\\UA66D\"", "\"\"x", "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]", "aå",
    "[True]",
    "1]", "{\"x\": true,", "[][]", "]", "{}}", "{\"\":", "[", "{", "{\"a\":1 \"b\":2}", "2@", "{]", "[,", "[\"a", "['", "{,", "{['", "{\"a",
    "{'a'",
    "[\"\\{[\"\\{[\"\\{[\"\\{", "*", "{\"a\":\"b\"}#{}", "[\\u000A\"\"]", "[1", "[ false, nul", "[ true, fals", "[ false, tru",
    "{\"asd\":\"asd\"",
    "å", "[\u{2060}]", "[\u{c}]", "[\u{a0}1]", "\u{feff}x", "nullx", "truefalse", "[1]\u{0}", "//\n[]", "[] []", "{\"a\":}", "[undefined]",
  ]

  @Test(arguments: invalid) func `invalid documents are refused in every place`(text: String) {
    for document in Self.inEveryPlace(Array(text.utf8)) { #expect(!Self.accepts(document), "\(String(decoding: document, as: UTF8.self))") }
  }

  @Test(arguments: ["", " ", "\n", "\u{feff}"]) func `a document of nothing is refused`(text: String) {
    #expect(!Self.accepts(Array(text.utf8)))
  }

  static let notUTF8: [[UInt8]] = [
    [0xff], [0xe5], [0x81], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xf0, 0x80, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    [0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf], [0xe9], [0xf0, 0x9f, 0x98], [0xc2], [0xe2, 0x28, 0xa1], [0x5c, 0xe5], [0x5c, 0x75, 0xe5],
  ]

  @Test(arguments: notUTF8) func `bytes that are not UTF-8 are refused, in strings, names and between values`(bytes: [UInt8]) {
    for (before, after) in [("[\"", "\"]"), ("{\"", "\":0}"), ("[", "]"), ("[1", "]"), ("{\"a\":\"", "\"}"), ("{\"0\":", "}")] {
      #expect(!Self.accepts(Array(before.utf8) + bytes + Array(after.utf8)))
    }
  }

  static let undecided: [(document: [UInt8], isTaken: Bool)] = [
    // A byte order mark before a document, as editors on Windows write it.
    ([0xef, 0xbb, 0xbf] + Array("{}".utf8), true),
    // Numbers too small for a Double are zero, those too large are refused.
    (Array("[123.456e-789]".utf8), true), (Array("[0.4e00669999999999999999999999999999999999999999999999969999999006]".utf8), false),
    (Array("[-1e+9999]".utf8), false), (Array("[1.5e+9999]".utf8), false), (Array("[-123123e100000]".utf8), false),
    (Array("[-123123123123123123123123123123]".utf8), true), (Array("[100000000000000000000]".utf8), true),
    // Half of a surrogate pair denotes nothing.
    (Array("[\"\\uDADA\"]".utf8), false), (Array("[\"\\uD888\\u1234\"]".utf8), false), (Array("[\"\\uD800\\n\"]".utf8), false),
    (Array("[\"\\uDd1ea\"]".utf8), false), (Array("[\"\\uD800\\uD800\\n\"]".utf8), false), (Array("[\"\\ud800\"]".utf8), false),
    (Array("[\"\\uDd1e\\uD834\"]".utf8), false), (Array("{\"\\uDFAA\":0}".utf8), false),
    // UTF-16 and UTF-32.
    ([0xff, 0xfe, 0x5b, 0, 0x5d, 0], false), ([0xfe, 0xff, 0, 0x5b, 0, 0x5d], false), ([0x5b, 0, 0x5d, 0], false),
    // Up to 512 levels; a document of more is refused before its end.
    (Array((String(repeating: "[", count: 500) + String(repeating: "]", count: 500)).utf8), true),
    (Array((String(repeating: "[", count: 513) + String(repeating: "]", count: 513)).utf8), false),
  ]

  @Test(arguments: undecided) func `where the RFC leaves a choice, the same one is made each time`(document: [UInt8], isTaken: Bool) {
    #expect(Self.accepts(document) == isTaken)
  }
}
