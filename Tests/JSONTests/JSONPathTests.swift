import Testing

@testable import JSON

@Suite struct JSONPathTests {
  /// « marks the place.
  private func expect(
    _ marked: String, _ steps: [Int], isName: Bool = false, character: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let parts = marked.split(separator: "«", omittingEmptySubsequences: false)
    let document = Array((parts[0] + parts[1]).utf8)
    _ = try JSONValue(parsing: document)
    let place = JSONPath(steps, isName: isName).place(in: document, atCharacter: character)
    #expect(place == JSONPlace(offset: parts[0].utf8.count, in: document), sourceLocation: sourceLocation)
  }

  @Test func `values are found in arrays and objects`() throws {
    try expect("«[1]", [])
    try expect(" \n\t«{}", [])
    try expect("\u{feff}«1", [])
    try expect("[1, «2]", [1])
    try expect("[[1, 2], {\"a\": [3]}, «4]", [2])
    try expect("{\"a\": 1, \"b\" : «2}", [1])
    try expect("{\"a\": {\"b\": [0, -1.5e+3, «true]}}", [0, 0, 2])
    try expect("[\n  {\"a\": 1},\n  {\"a\": «\"x\"}\n]", [1, 0])
  }

  @Test func `names are found`() throws {
    try expect("{«\"a\": 1}", [0], isName: true)
    try expect("[{\"a\": 1, «\"b\": 2}]", [0, 1], isName: true)
    try expect("{\"a\": 1, «\"a\": 2}", [1], isName: true)
  }

  @Test func `brackets, commas and quotes in strings mislead nobody`() throws {
    try expect(#"["]", "\"", "{\\", «1]"#, [3])
    try expect(#"{"a]\"}": "[,:", "b": «null}"#, [1])
    try expect(#"[["a,b", {"c": "}"}], «2]"#, [1])
  }

  @Test func `characters are found in strings, whatever their escapes`() throws {
    try expect("\"ab«c\"", [], character: 2)
    try expect("[\"é«c\"]", [0], character: 2)
    try expect(#""\n\"«c""#, [], character: 2)
    try expect(#""\u00e9«c""#, [], character: 2)
    try expect(#""\u0041«c""#, [], character: 1)
    try expect(#""\u20ac«c""#, [], character: 3)
    try expect(#""\ud83d\ude00«c""#, [], character: 4)
    try expect("{\"n\": \"a😀«{\"}", [0], character: 5)
  }
}
