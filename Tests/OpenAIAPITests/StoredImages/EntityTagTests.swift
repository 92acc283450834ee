import Testing

@testable import OpenAIAPI

@Suite struct EntityTagTests {
  private static func strong(_ text: String) -> EntityTag { EntityTag(opaque: "\"\(text)\"") }
  private static func weak(_ text: String) -> EntityTag { EntityTag(opaque: "\"\(text)\"", isWeak: true) }

  @Test(
    arguments: [
      ("\"a\"", [strong("a")]), ("  \"a\"\t", [strong("a")]), ("W/\"a\"", [weak("a")]), ("\"a\",\"b\"", [strong("a"), strong("b")]),
      ("\"a\" , W/\"b\"\t,\t\"c\"", [strong("a"), weak("b"), strong("c")]), (",, \"a\",,\t, \"b\" ,", [strong("a"), strong("b")]),
      ("\"a,b\", \"c\"", [strong("a,b"), strong("c")]), ("\"\"", [strong("")]), ("\"a b\"", [strong("a b")]),
      ("\"\\\", \"b\"", [strong("\\"), strong("b")]), ("\"é\"", [strong("é")]), ("\"*\"", [strong("*")]), ("", []), (" , ,", []),
      ("a", []), ("a, \"b\"", [strong("b")]), ("\"a\"x, \"b\"", [strong("b")]), ("\"a\" \"b\", \"c\"", [strong("c")]),
      ("w/\"a\", \"b\"", [strong("b")]), ("W/ \"a\", \"b\"", [strong("b")]), ("\"a", []), ("\"a, \"b\"", []), ("*, \"a\"", [strong("a")]),
      ("'a'", []), ("W/", []), ("\"", []),
    ] as [(String, [EntityTag])])
  func `a list has the tags that are well-formed`(header: String, tags: [EntityTag]) { #expect(EntityTagList(header) == .tags(tags)) }

  @Test(arguments: ["*", " *", "*\t"]) func `an asterisk alone is any version`(header: String) { #expect(EntityTagList(header) == .any) }

  @Test func `a weak tag is never strongly equal`() {
    let (strong, weak) = (Self.strong("a"), Self.weak("a"))
    #expect(strong.isStronglyEqual(to: strong) && strong.isWeaklyEqual(to: weak) && weak.isWeaklyEqual(to: weak))
    #expect(!strong.isStronglyEqual(to: weak) && !weak.isStronglyEqual(to: strong) && !weak.isStronglyEqual(to: weak))
    #expect(!strong.isStronglyEqual(to: Self.strong("b")) && !strong.isWeaklyEqual(to: Self.strong("A")))
  }

  @Test(arguments: ["\"a\"", " \"a\" ", "W/\"a\""]) func `a single tag is read`(text: String) { #expect(EntityTag(text) != nil) }

  @Test(arguments: ["", "a", "*", "\"a\", \"b\"", "\"a\" b", "\"a", "w/\"a\""]) func `anything else is no single tag`(text: String) {
    #expect(EntityTag(text) == nil)
  }
}
