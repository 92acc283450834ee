import JSON
import Testing

@Suite struct JSONValueTests {
  private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

  @Test(arguments: [
    ("null", JSONValue.null), (" true ", .boolean(true)), ("\tfalse\r\n", .boolean(false)), ("0", .integer(0)), ("-0", .integer(0)),
    ("-12", .integer(-12)), ("1.0", .integer(1)), ("10e-1", .integer(1)), ("1E+2", .integer(100)), ("1.5", .decimal(1.5)),
    ("9223372036854775807", .integer(.max)), ("9223372036854775808", .decimal(9_223_372_036_854_775_808)), ("1e-400", .integer(0)),
    ("20000000000000000000000", .decimal(2e22)), ("\"\"", .string("")), ("[ ]", .array([])),
    ("[1,[2]]", .array([.integer(1), .array([.integer(2)])])),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")), (#""\u00e4\uD83d\uDE00\u0000""#, .string("ä😀\0")),
    (#""ä😀""#, .string("ä😀")),
  ]) func `a value is read as what it is`(text: String, expected: JSONValue) throws { #expect(try value(text) == expected) }

  @Test func `members keep their order, and of several with one name the last counts`() throws {
    guard case .object(let object) = try value(#"{"b": 1, "a": {"c": null}, "\u0062": 2}"#) else {
      Issue.record("not an object")
      return
    }
    #expect(object.members.map(\.name.text) == ["b", "a", "b"])
    #expect(object["b"] == .integer(2) && object["a"] != nil && object["c"] == nil)
    #expect(object.duplicateName == "b")
  }

  @Test func `a string is told by its scalars, however it is escaped`() throws {
    #expect(try value(#""a\u0062""#) == value(#""\u0061b""#))
    #expect(try value(#""é""#) != value(#""e\u0301""#))
    guard case .string(let string) = try value(#""\ud83d\ude00ä""#) else {
      Issue.record("not a string")
      return
    }
    #expect(string.unicodeScalarCount == 2 && string.utf8.elementsEqual("😀ä".utf8) && string.text == "😀ä")
  }

  @Test func `a string without escapes is a view of the document`() throws {
    let document = Array("[\"\(String(repeating: "a", count: 1000))\"]".utf8)
    guard case .array(let elements) = try JSONValue(parsing: document), case .string(let string) = elements[0] else {
      Issue.record("not a string in an array")
      return
    }
    #expect(string.utf8.startIndex == 2 && string.utf8.count == 1000)
  }

  static let refusals: [(text: String, error: String)] = [
    ("", "line 1, column 1: expected a value"), ("[1 2]", "line 1, column 4: expected ',' or ']'"),
    ("[\n\n1,]", "line 3, column 3: expected a value"), ("{\"a\":\n tru}", "line 2, column 5: expected true"),
    ("{a: 1}", "line 1, column 2: expected a name in double quotes"), ("{\"a\" 1}", "line 1, column 6: expected ':'"),
    ("{\"a\": 1,}", "line 1, column 9: expected a name in double quotes"), ("[01]", "line 1, column 3: expected ',' or ']'"),
    ("[-]", "line 1, column 3: expected a digit"), ("[1.]", "line 1, column 4: expected a digit"),
    ("[\"\\x\"]", "line 1, column 4: expected one of \" \\ / b f n r t u after a backslash"),
    ("[\"\\u12g4\"]", "line 1, column 7: expected four hexadecimal digits after \\u"),
    ("[\"\\ud800\"]", "line 1, column 3: expected both halves of a surrogate pair"),
    ("[\"a\nb\"]", "line 1, column 4: expected the end of the string, or an escape for a control character"),
    ("[1],", "line 1, column 4: expected the end of the document"), ("[1e999]", "line 1, column 2: the number is out of range"),
    (String(repeating: "[", count: 100_000), "line 1, column 513: arrays and objects nest more than 512 deep"),
    ("[" + String(repeating: "0,", count: 65_536) + "0]", "line 1, column 131072: more than 65536 values"),
  ]

  @Test(arguments: refusals) func `what is wrong is told with its place and with what could stand there`(text: String, error: String) {
    let thrown = #expect(throws: JSONError.self) { try value(text) }
    #expect(thrown?.description == error)
  }

  @Test func `bounds are the caller's, and reaching them is no error`() throws {
    let document = Array("[[1,2],[3]]".utf8)
    #expect(throws: Never.self) { try JSONValue(parsing: document, limits: JSONLimits(values: 6, depth: 2)) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: document, limits: JSONLimits(values: 5, depth: 2)) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: document, limits: JSONLimits(values: 6, depth: 1)) }
  }
}
