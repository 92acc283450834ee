import ImageGeneration
import JSON
import Testing

@Suite struct JSONTextTests {
  @Test func `keys keep their order, and lines are indented by two`() {
    let json = JSONText.object([
      ("b", .array([.integer(1), .object([]), .array([])])), ("a", .null), ("c", .object([("d", .boolean(true))])),
    ])
    #expect(
      json.indented == """
        {
          "b": [
            1,
            {},
            []
          ],
          "a": null,
          "c": {
            "d": true
          }
        }
        """)
    #expect(json.compact == #"{"b":[1,{},[]],"a":null,"c":{"d":true}}"#)
  }

  @Test(arguments: [
    ("plain", #""plain""#), ("\"\\\n\r\t", #""\"\\\n\r\t""#), ("\0\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""), ("Ünï 猫 👩‍👩‍👧", "\"Ünï 猫 👩‍👩‍👧\""),
  ])
  func `strings are escaped as far as JSON demands`(text: String, json: String) {
    #expect(JSONText.string(text).compact == json)
  }
}
