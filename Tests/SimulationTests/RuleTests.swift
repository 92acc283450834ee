import RingTesting
import Simulation
import Testing

@Suite struct RuleTests {
  private func rule(_ json: String) throws -> Rule { try RuleDocument(parsing: Array("[\(json)]".utf8)).rules[0] }

  /// The numbers of the requests, among the first `count`, to which a rule applies.
  private func struck(_ json: String, of count: UInt64 = 10) throws -> [UInt64] {
    let rule = try rule(json)
    return (1...count).filter { rule.spec(for: $0) != nil }
  }

  @Test func `a rule applies to the requests of its schedule`() throws {
    #expect(try struck(#"{"then":{}}"#) == Array(1...10))
    #expect(try struck(#"{"when":{"every":4},"then":{}}"#) == [4, 8])
    #expect(try struck(#"{"when":{"first":3},"then":{}}"#) == [1, 2, 3])
    #expect(try struck(#"{"when":{"probability":0},"then":{}}"#) == [])
    #expect(try struck(#"{"when":{"probability":1},"then":{}}"#) == Array(1...10))
    #expect(try struck(#"{"when":{"sequence":"once"},"then":[{},{}]}"#) == [1, 2])
    #expect(try struck(#"{"when":{"sequence":"repeat"},"then":[{},{}]}"#) == Array(1...10))
  }

  @Test func `a sequence has a specification for each step`() throws {
    let rule = try rule(#"{"when":{"sequence":"repeat"},"then":[{"fault":"rate_limit"},{"fault":"none"},{"latency":"1s"}]}"#)
    let behaviours = [FaultSpec(fault: .present(.rateLimit)), FaultSpec(fault: .absent), FaultSpec(latency: .fixed(.seconds(1)))]
    #expect((1...6).map { rule.spec(for: $0) } == behaviours + behaviours)
  }

  @Test func `a seeded probability is met, by the same requests each time`() throws {
    let seventh = try struck(#"{"when":{"probability":0.3,"seed":7},"then":{}}"#, of: 10_000)
    #expect((2800...3200).contains(seventh.count))
    #expect(try struck(#"{"when":{"probability":0.3,"seed":7},"then":{}}"#, of: 10_000) == seventh)
    #expect(try struck(#"{"when":{"probability":0.3,"seed":8},"then":{}}"#, of: 10_000) != seventh)
  }

  private static let lake = RuleSubject(
    route: "/v1/images/generations", key: "sk-a", model: "dall-e-3", size: "1024x1024", prompt: "a lake")
  private static let models = RuleSubject(route: "/v1/models", key: "sk-a")

  @Test(arguments: [
    ("{}", true, false), (#"{"route":"/v1/models"}"#, false, true), (#"{"route":"/v1/*"}"#, true, true), (#"{"route":"*"}"#, true, true),
    (#"{"model":"dall-e-3"}"#, true, false), (#"{"model":"dall-e"}"#, false, false), (#"{"model":"dall-e*"}"#, true, false),
    (#"{"size":"1024x1024"}"#, true, false), (#"{"size":"512x512"}"#, false, false), (#"{"key":"sk-a"}"#, true, false),
    (#"{"key":"sk-b"}"#, false, false), (#"{"key":"sk-*","route":"/v1/*"}"#, true, true), (#"{"prompt":"lake"}"#, true, false),
    (#"{"prompt":"Lake"}"#, false, false), (#"{"prompt":"a","model":"gpt*"}"#, false, false),
    (#"{"route":"/v1/*","prompt":"a"}"#, true, false),
  ]) func `a rule matches the requests that meet all of its fields`(match: String, fitsGeneration: Bool, fitsModels: Bool) throws {
    let rule = try rule(#"{"match":\#(match),"then":{}}"#)
    #expect(rule.match.fits(Self.lake) == fitsGeneration)
    #expect(rule.match.fits(Self.models) == fitsModels)
  }

  @Test(arguments: [
    ("", "the document is not valid JSON: line 1, column 1: expected a value"),
    ("[{\"then\":{}},]", "the document is not valid JSON: line 1, column 14: expected a value"), ("{}", "the document must be a list"),
    ("[1]", "rule 1 must be an object"), (#"[{"then":{}},{}]"#, #"rule 2 has no member "then", which says what to do"#),
    (#"[{"than":{}}]"#, #"rule 1 has the unknown member "than" (did you mean then?); allowed: name, match, when, then"#),
    (#"[{"then":{},"then":{}}]"#, #"rule 1 has the member "then" twice"#),
    (#"[{"then":{"fault":7}}]"#, "rule 1.then.fault must be a string, not an integer"),
    (#"[{"then":{"fault":"flood"}}]"#, #"rule 1.then.fault is "flood"; allowed: none, missing_api_key, "#),
    (#"[{"then":{"fault":"rate_limt"}}]"#, #"rule 1.then.fault is "rate_limt" (did you mean rate_limit?); allowed: none, "#),
    (#"[{"mach":{},"then":{}}]"#, #"rule 1 has the unknown member "mach" (did you mean match?); allowed: "#),
    (#"[{"then":{"latency":"soon"}}]"#, #"rule 1.then.latency is "soon"; allowed: none, fixed:2s"#),
    (
      #"[{"then":{"delay":"1s"}}]"#,
      #"rule 1.then has the unknown member "delay"; allowed: fault, latency, retry_after, bytes, calls, picture, template, stage, categories, image"#
    ),
    (#"[{"then":[{}]}]"#, "rule 1.then must be an object"),
    (#"[{"when":{"sequence":"once"},"then":{}}]"#, "rule 1.then must be a list"),
    (#"[{"when":{"sequence":"once"},"then":[]}]"#, "rule 1.then must be a list of at least one behaviour, one for each step"),
    (#"[{"when":{"sequence":"once"},"then":[{},{"fault":"x"}]}]"#, #"rule 1.then[1].fault is "x"; allowed"#),
    (#"[{"when":{"sequence":"twice"},"then":[{}]}]"#, #"rule 1.when.sequence is "twice"; allowed: once, repeat"#),
    (#"[{"when":{},"then":{}}]"#, "rule 1.when must have exactly one of every, first, probability (optionally with seed) or sequence"),
    (#"[{"when":{"every":1,"first":1},"then":{}}]"#, "rule 1.when must have exactly one of"),
    (#"[{"when":{"seed":1},"then":{}}]"#, "rule 1.when must have exactly one of"),
    (#"[{"when":{"every":1,"seed":1},"then":{}}]"#, "rule 1.when must have exactly one of"),
    (#"[{"when":{"every":0},"then":{}}]"#, "rule 1.when.every must be a whole number from 1 to 1000000000"),
    (#"[{"when":{"first":1.5},"then":{}}]"#, "rule 1.when.first must be a whole number from 1 to 1000000000"),
    (#"[{"when":{"probability":1.1},"then":{}}]"#, "rule 1.when.probability must be a number from 0.0 to 1.0"),
    (#"[{"match":{"model":""},"then":{}}]"#, "rule 1.match.model must be a string of 1 to 1000 bytes"),
    (#"[{"name":"a\nb","then":{}}]"#, "rule 1.name must be printable ASCII"),
    (#"[{"name":"\#(String(repeating: "a", count: 65))","then":{}}]"#, "rule 1.name must be a string of 1 to 64 bytes"),
    ("[" + Array(repeating: #"{"then":{}}"#, count: 65).joined(separator: ",") + "]", "the document has 65 elements; allowed: at most 64"),
    ("[]" + String(repeating: " ", count: 65_536), "the document has 65538 bytes; allowed: at most 65536"),
    (String(repeating: "[", count: 60_000), "the document is not valid JSON"),
  ]) func `an invalid document is refused with the position and the allowed values`(text: String, problem: String) {
    let error = #expect(throws: RuleDocumentError.self) { try RuleDocument(parsing: Array(text.utf8)) }
    #expect(error?.description.hasPrefix(problem) == true, "\(error?.description ?? "nothing")")
  }

  @Test(arguments: PromptDirectiveTests.fillings)
  func `searching a prompt takes linear time`(filling: String) throws {
    // In the middle, because a difference at either end is found quickly.
    let wanted = String(repeating: filling, count: 30) + "b" + String(repeating: filling, count: 30)
    let rule = try rule(#"{"match":{"prompt":"\#(wanted.replacing("\r\n", with: #"\r\n"#))"},"then":{}}"#)
    func seconds(_ count: Int) -> Double {
      let prompt = String(repeating: filling, count: count)
      return (0..<5).map { _ in
        processorSeconds { #expect(!rule.match.fits(RuleSubject(route: "", prompt: prompt))) }
      }.min()!
    }
    #expect(seconds(32_000) < 10 * seconds(8000))
  }

  @Test func `a prompt is compared byte by byte`() throws {
    let rule = try rule(#"{"match":{"prompt":"é"},"then":{}}"#)
    #expect(rule.match.fits(RuleSubject(route: "", prompt: "café")))
    #expect(!rule.match.fits(RuleSubject(route: "", prompt: "cafe\u{301}")))
  }

  @Test func `parsing a document takes linear time at any depth`() throws {
    func seconds(_ depth: Int) -> Double {
      let text = Array((String(repeating: #"[{"a":"#, count: depth / 2) + "1" + String(repeating: "}]", count: depth / 2)).utf8)
      return (0..<5).map { _ in
        processorSeconds { #expect(throws: RuleDocumentError.self) { try RuleDocument(parsing: text) } }
      }
      .min()!
    }
    #expect(seconds(400) < 40 * seconds(100) + 0.001)
  }
}
