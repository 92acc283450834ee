import Simulation
import Testing

@Suite struct PictureChoiceTests {
  private func rules(_ then: String, when: String = "") throws -> RuleDocument {
    try RuleDocument(parsing: Array(#"[{"then":{}},{\#(when)"then":\#(then)}]"#.utf8))
  }

  @Test func `a rule names a file, several, or none`() throws {
    #expect(try rules(#"{"picture":"a cat, sitting.png"}"#).rules[1].then[0].picture == .files(["a cat, sitting.png"]))
    #expect(try rules(#"{"picture":["a.png","b,c.png"],"latency":"1s"}"#).rules[1].then[0].picture == .files(["a.png", "b,c.png"]))
    #expect(try rules(#"{"picture":"none"}"#).rules[1].then[0].picture == .drawn)
    #expect(try rules("{}").rules[1].then[0].picture == nil)
  }

  @Test(arguments: [("cat.png", ["cat.png"]), ("a.png,b.png", ["a.png", "b.png"]), (" a.png , b.png ", ["a.png", "b.png"])])
  func `headers and directives separate names by commas`(text: String, names: [String]) throws {
    #expect(try FaultSpec(picture: text).picture == .files(names))
    let word = text.filter { $0 != " " }
    let directive = try PromptDirective(in: "A lake [[fakeai latency=1s picture=\(word)]] at dawn")
    #expect(directive?.spec == FaultSpec(latency: .fixed(.seconds(1)), picture: .files(names)) && directive?.prompt == "A lake at dawn")
    #expect(try FaultSpec(picture: "none").picture == .drawn)
  }

  @Test(arguments: [
    ("{\"picture\":7}", "rule 2.then.picture must be the name of a file or a list of names, not an integer"),
    ("{\"picture\":\"\"}", "rule 2.then.picture must be a string of 1 to 255 bytes"),
    ("{\"picture\":[]}", "rule 2.then.picture must have at least one name"),
    ("{\"picture\":[\"a.png\",1]}", "rule 2.then.picture[1] must be a string of 1 to 255 bytes"),
    (
      "{\"picture\":[\(Array(repeating: "\"a\"", count: 1001).joined(separator: ","))]}",
      "rule 2.then.picture has 1001 elements; allowed: at most 1000"
    ),
    ("{\"pictures\":[]}", "rule 2.then has the unknown member \"pictures\" (did you mean picture?); allowed: "),
  ]) func `a rule that names no file is refused with its position`(then: String, problem: String) {
    let error = #expect(throws: RuleDocumentError.self) { try rules(then) }
    #expect(error?.description.hasPrefix(problem) == true, "\(error?.description ?? "nothing")")
  }

  @Test(arguments: ["", ",", "a.png,", String(repeating: "a", count: 256), Array(repeating: "a", count: 1001).joined(separator: ",")])
  func `a header that names no file is refused`(text: String) {
    let error = #expect(throws: FaultSpecError.self) { try FaultSpec(picture: text) }
    #expect(error?.name == "picture" && error?.allowed.hasPrefix("none, or the names of up to 1000 files") == true)
  }

  @Test func `the first source that says anything about pictures decides`() throws {
    let rule = FaultSpec(fault: .present(.reset), picture: .files(["a.png"]))
    #expect(FaultSpec().filled(from: rule).picture == .files(["a.png"]))
    #expect(FaultSpec(picture: .drawn).filled(from: rule) == FaultSpec(fault: .present(.reset), picture: .drawn))
  }

  @Test func `every name of a document is found with its position`() throws {
    let steps = try rules(#"[{"picture":"a"},{"picture":["b","c"]},{}]"#, when: #""when":{"sequence":"once"},"#)
    #expect(
      steps.pictures.map { "\($0.path) \($0.name)" }
        == ["rule 2.then[0].picture a", "rule 2.then[1].picture[0] b", "rule 2.then[1].picture[1] c"])
    #expect(try rules(#"{"picture":"a"}"#).pictures.map { "\($0.path) \($0.name)" } == ["rule 2.then.picture a"])
    #expect(try rules(#"{"picture":"none"}"#).pictures.isEmpty)
  }
}
