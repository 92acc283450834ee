import JSON
import JSONSchema
import Testing

/// Values for schemas.
@Suite struct SampleTests {
  private static func parsed(_ schema: String) -> JSONValue { try! JSONValue(parsing: Array(schema.utf8)) }

  private static func sample(_ schema: String, saying text: String = "Here is the image.") throws -> String {
    JSONText(try JSONSchema(parsed(schema)).sample(saying: text)).compact
  }

  /// A schema, and the value for it.
  private static let values: [(String, String)] = [
    ("{}", #""Here is the image.""#), (#"{"type":"null"}"#, "null"), (#"{"type":"boolean"}"#, "true"),
    (#"{"const":{"a":[1]}}"#, #"{"a":[1]}"#), (#"{"enum":["red","green"]}"#, #""red""#), (#"{"enum":[7,"a"],"type":"string"}"#, #""a""#),
    // Strings
    (#"{"type":"string","maxLength":4}"#, #""Here""#), (#"{"type":"string","minLength":20}"#, #""Here is the image...""#),
    (#"{"type":"string","maxLength":0}"#, #""""#), (#"{"type":"string","format":"date-time"}"#, #""2026-01-01T00:00:00Z""#),
    (#"{"type":"string","format":"uuid"}"#, #""00000000-0000-4000-8000-000000000001""#), (#"{"minLength":1}"#, #""Here is the image.""#),
    // Numbers
    (#"{"type":"integer"}"#, "0"), (#"{"type":"integer","minimum":3}"#, "3"), (#"{"type":"integer","exclusiveMinimum":3}"#, "4"),
    (#"{"type":"integer","maximum":-3}"#, "-3"), (#"{"type":"integer","exclusiveMaximum":0}"#, "-1"),
    (#"{"type":"integer","minimum":2.5,"maximum":3.5}"#, "3"), (#"{"type":"integer","minimum":10,"multipleOf":7}"#, "14"),
    (#"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"#, "0.5"), (#"{"type":"number","minimum":0.25}"#, "0.25"),
    (#"{"type":"number","minimum":-5,"maximum":-1.5}"#, "-1.5"), (#"{"type":"number","exclusiveMinimum":1}"#, "2"),
    (#"{"type":["integer","null"],"minimum":1,"maximum":5}"#, "1"),
    // Arrays
    (#"{"type":"array"}"#, #"["Here is the image."]"#), (#"{"type":"array","items":{"type":"integer"},"minItems":3}"#, "[0,0,0]"),
    (#"{"type":"array","maxItems":0}"#, "[]"), (#"{"type":"array","items":false}"#, "[]"),
    (#"{"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true}"#, "[0,1,2]"),
    (#"{"type":"array","items":{"enum":["a","b","c"]},"minItems":2,"uniqueItems":true}"#, #"["a","b"]"#),
    (#"{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":false}"#, "[0,true]"),
    // Objects
    (#"{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"null"}},"required":["a"]}"#, #"{"b":0,"a":null}"#),
    (#"{"type":"object","required":["x"]}"#, #"{"x":"Here is the image."}"#),
    (#"{"type":"object","required":["x"],"additionalProperties":{"type":"integer"}}"#, #"{"x":0}"#),
    (#"{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["b"],"maxProperties":1}"#, #"{"b":0}"#),
    (#"{"type":"object","properties":{"a":false,"b":{"type":"integer"}}}"#, #"{"b":0}"#),
    // Branches
    (#"{"anyOf":[{"type":"null"},{"type":"integer"}]}"#, "null"), (#"{"anyOf":[false,{"type":"integer"}]}"#, "0"),
    (#"{"anyOf":[{"pattern":"a"},{"type":"integer"}]}"#, "0"),
    (#"{"oneOf":[{"type":"integer"},{"type":"number","exclusiveMinimum":-1},{"type":"boolean"}]}"#, "true"),
    (#"{"type":"integer","anyOf":[{"minimum":7},{"maximum":1}],"maximum":5}"#, "0"),
    (#"{"allOf":[{"type":"integer","minimum":2},{"minimum":4}],"maximum":9}"#, "4"),
    (#"{"not":{"type":"integer"},"type":["integer","boolean"]}"#, "true"),
    (
      #"{"allOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"a":{"minimum":3},"b":{"type":"null"}}}]}"#,
      #"{"a":3,"b":null}"#
    ),
    // References
    (##"{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer"}}}"##, "0"),
    (##"{"$ref":"#/$defs/c","minimum":4,"$defs":{"c":{"type":"integer","description":"x"}}}"##, "4"),
    (
      ##"{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"name":{"const":1},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["name","next"]}}}"##,
      #"{"name":1,"next":null}"#
    ),
    (
      ##"{"type":"object","properties":{"n":{"const":1},"children":{"type":"array","items":{"$ref":"#"}}},"required":["n","children"]}"##,
      #"{"n":1,"children":[]}"#
    ),
  ]

  @Test(arguments: values) func `a value fits its schema, and is always the same`(schema: String, value: String) throws {
    #expect(try Self.sample(schema) == value)
    #expect(try JSONSchema(Self.parsed(schema)).fits(Self.parsed(value)))
  }

  /// A schema, and why there is no value for it.
  private static let problems: [(String, String)] = [
    (#"{"type":"string","pattern":"^a$"}"#, "'pattern' is not supported"),
    (#"{"type":"object","properties":{"a":{"if":true}},"required":["a"]}"#, "at properties.a, 'if' is not supported"),
    (#"{"type":"array","items":{"pattern":"a"},"minItems":1}"#, "at items, 'pattern' is not supported"),
    (#"{"type":"integer","minimum":5,"maximum":4}"#, "no number is between the bounds"),
    (#"{"type":"integer","minimum":0.2,"maximum":0.8}"#, "no number is between the bounds"),
    (#"{"type":"string","minLength":3,"maxLength":2}"#, "'minLength' is above 'maxLength'"),
    (#"{"type":"string","format":"date","maxLength":5}"#, "no text of that format has that length"),
    (#"{"type":"array","minItems":2,"maxItems":1}"#, "'minItems' is above 'maxItems'"),
    (#"{"type":"array","items":{"const":1},"minItems":2,"uniqueItems":true}"#, "no value was found that fits"),
    (#"{"type":"object","required":["a"],"additionalProperties":false}"#, "at properties.a, the schema is false"),
    (#"{"enum":[]}"#, "no value of 'enum' or 'const' fits"), (#"{"enum":[1],"type":"string"}"#, "no value of 'enum' or 'const' fits"),
    (#"{"anyOf":[]}"#, "'anyOf' is empty"), (#"{"allOf":[{"type":"string"},{"type":"null"}]}"#, "no type is left"),
    (#"{"type":"text"}"#, "'type' is not a type"), (#"{"properties":[]}"#, "'properties' is not an object"),
    (#"{"minimum":"a","type":"integer"}"#, "'minimum' is not a number"),
    (#"{"multipleOf":0,"type":"integer"}"#, "'multipleOf' is not above 0"),
    (##"{"$ref":"#/$defs/x"}"##, "'$ref' names '#/$defs/x', which is not there"),
    (#"{"$ref":"https://a.example/b"}"#, "'$ref' leads out of the schema"), (##"{"$ref":"#"}"##, "the schema contains itself"),
    (
      ##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"required":["a"]}}}"##,
      "at properties.a, the schema contains itself"
    ),
    (#"{"not":{}}"#, "no value was found that fits"), (#"{"type":"string","minLength":1e12}"#, "the value would be too large"),
    (#"{"type":"array","minItems":1e12}"#, "at items, the value would be too large"),
    (#"{"type":"array","minItems":1e12,"items":{"type":"null"}}"#, "at items, the schema is too large or too deep"),
  ]

  @Test(arguments: problems) func `what cannot be made is refused with its place`(schema: String, problem: String) {
    #expect(throws: SchemaProblem.self) { try Self.sample(schema) }
    do { _ = try Self.sample(schema) } catch { #expect("\(error)" == problem) }
  }

  @Test func `a small schema of a huge value ends`() {
    let levels = (0..<60).map { "\"l\($0)\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/l\($0 + 1)\"},\"minItems\":9}" }
    let schema = "{\"$ref\":\"#/$defs/l0\",\"$defs\":{\(levels.joined(separator: ",")),\"l60\":{\"type\":\"null\"}}}"
    #expect(throws: SchemaProblem.self) { try Self.sample(schema) }
    let branches = (0..<60).map { "\"l\($0)\":{\"anyOf\":[{\"$ref\":\"#/$defs/l\($0 + 1)\"},{\"$ref\":\"#/$defs/l\($0 + 1)\"}]}" }
    let blind = "{\"$ref\":\"#/$defs/l0\",\"$defs\":{\(branches.joined(separator: ",")),\"l60\":false}}"
    #expect(throws: SchemaProblem.self) { try Self.sample(blind) }
  }

  @Test(arguments: [
    (#"{"multipleOf":0.1}"#, "0.3", true), (#"{"multipleOf":0.1}"#, "0.35", false), (#"{"type":"integer"}"#, "1.5", false),
    (#"{"minProperties":2}"#, #"{"a":1}"#, false), (#"{"uniqueItems":true}"#, "[1,2,1]", false), (#"{"const":1}"#, "2", false),
    (#"{"maxLength":2}"#, #""äöü""#, false), (#"{"maxLength":3}"#, #""äöü""#, true), (#"{"items":{"type":"null"}}"#, "[null,1]", false),
    (#"{"additionalProperties":false}"#, #"{"a":1}"#, false), (#"{"required":["a"]}"#, "{}", false), (#"{"required":["a"]}"#, "[]", true),
    (#"{"oneOf":[{},{}]}"#, "1", false), (#"{"anyOf":[false]}"#, "1", false), (#"{"allOf":[{},false]}"#, "1", false), ("false", "1", false),
  ]) func `a value that does not fit is found out`(schema: String, value: String, fits: Bool) throws {
    #expect(try JSONSchema(Self.parsed(schema)).fits(Self.parsed(value)) == fits)
  }
}
