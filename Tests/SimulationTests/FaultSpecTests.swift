import RingTesting
import Simulation
import Testing

@Suite struct BehaviourTests {
  @Test func `a specification is parsed from words in any order`() throws {
    let behaviour = try FaultSpec(parsing: "  latency=lognormal:p50=1s,p99=2s\tretry_after=2s rate_limit ")
    #expect(
      behaviour
        == FaultSpec(
          fault: .present(.rateLimit), latency: .lognormal(median: .seconds(1), p99: .seconds(2)), retryAfter: .seconds(2)))
  }

  @Test(arguments: ["flood", "fault=flood", "latency=soon", "latency=601s", "retry_after=11m", "retry_after=", "speed=1", "=", "fault="])
  func `an unknown word is refused with the allowed ones`(text: String) {
    let error = #expect(throws: FaultSpecError.self) { try FaultSpec(parsing: text) }
    #expect(error?.allowed.isEmpty == false)
  }

  @Test func `every fault is read by its name, and says what it does`() throws {
    for fault in Fault.allCases {
      #expect(try FaultSpec(parsing: "fault=\(fault.rawValue)").fault == .present(fault))
      #expect(!fault.meaning.isEmpty)
    }
  }

  @Test func `a nil fault falls through to the next source, the fault none does not`() {
    let rule = FaultSpec(fault: .present(.rateLimit), latency: .fixed(.seconds(1)), retryAfter: .seconds(3))
    #expect(FaultSpec().filled(from: rule) == rule)
    let late = FaultSpec(latency: .fixed(.seconds(9))).filled(from: rule)
    #expect(late == FaultSpec(fault: .present(.rateLimit), latency: .fixed(.seconds(9)), retryAfter: .seconds(3)))
    #expect(FaultSpec(fault: .absent).filled(from: rule) == FaultSpec(fault: .absent, latency: .fixed(.seconds(1))))
    #expect(FaultSpec(fault: .present(.overloaded)).filled(from: rule).retryAfter == nil)
  }
}

@Suite struct FaultParameterTests {
  @Test func `a moderation has parameters in any order, each with a default`() throws {
    func moderation(_ text: String) throws -> Moderation? { try FaultSpec(parsing: text).moderation }
    #expect(try moderation("moderation") == nil)
    #expect(try moderation("stage=output moderation") == Moderation(stage: .output))
    let two = try moderation("categories=hate/threatening,sexual/minors fault=moderation")
    #expect(two?.categories == ["hate/threatening", "sexual/minors"])
    #expect(try moderation("moderation image=10") == Moderation(stage: .output, image: 10))
    #expect(Moderation() == Moderation(stage: .input, categories: ["sexual"], image: nil))
  }

  @Test func `every category of the API is known`() throws {
    let all = Moderation.allCategories.joined(separator: ",")
    #expect(try FaultSpec(parsing: "moderation categories=\(all)").moderation?.categories.count == 13)
  }

  @Test func `parameters are taken together with their fault`() throws {
    let rule = try FaultSpec(parsing: "moderation stage=output")
    #expect(try FaultSpec(parsing: "moderation").filled(from: rule).moderation == nil)
    #expect(try FaultSpec(parsing: "billing").filled(from: rule).moderation == nil)
    #expect(FaultSpec().filled(from: rule).moderation?.stage == .output)
  }

  @Test(arguments: [("1", 1), ("300000", 300_000), ("512K", 512 << 10), ("5M", 5 << 20), ("64M", 64 << 20), ("067108864", 64 << 20)])
  func `bytes are a number, or one of KiB or MiB`(text: String, bytes: Int) throws {
    #expect(try FaultSpec(parsing: "bytes=\(text)") == FaultSpec(bytes: bytes))
    #expect(try FaultSpec(parsing: "reset").filled(from: FaultSpec(bytes: text)).bytes == bytes)
  }

  @Test func `a rule has numbers and a list`() throws {
    func spec(_ then: String) throws -> FaultSpec { try RuleDocument(parsing: Array(#"[{"then":\#(then)}]"#.utf8)).rules[0].then[0] }
    let moderation = Moderation(stage: .output, categories: ["hate", "illicit"], image: 2)
    #expect(try spec(#"{"image":2,"categories":["hate","illicit"],"fault":"moderation"}"#).moderation == moderation)
    #expect(try spec(#"{"bytes":"5M"}"#) == FaultSpec(bytes: 5 << 20))
    #expect(try spec(#"{"bytes":5000}"#) == FaultSpec(bytes: 5000))
    #expect(try spec(#"{"calls":0}"#) == FaultSpec(calls: 0))
  }

  @Test func `calls are a small number, beside any fault`() throws {
    #expect(try FaultSpec(parsing: "calls=10 failed_call") == FaultSpec(fault: .present(.failedCall), calls: 10))
    #expect(try FaultSpec(parsing: "reset").filled(from: FaultSpec(calls: 3)).calls == 3)
    for text in ["calls=11", "calls=-1", "calls=", "calls=two"] {
      #expect(throws: FaultSpecError.self) { try FaultSpec(parsing: text) }
    }
  }

  @Test(arguments: [
    (#"{"fault":"moderation","categories":["nudity"]}"#, #"rule 1.then.categories is "nudity"; allowed: sexual"#),
    (#"{"fault":"moderation","categories":[]}"#, #"rule 1.then.categories is ""; allowed: sexual"#),
    (
      #"{"fault":"moderation","categories":["hate","ilicit"]}"#,
      #"rule 1.then.categories is "ilicit" (did you mean illicit?); allowed: sexual"#
    ),
    (#"{"fault":"moderation","categories":[7]}"#, "rule 1.then.categories[0] must be a string"),
    (#"{"fault":"moderation","stage":["input"]}"#, "rule 1.then.stage must be a string, not an array"),
    (#"{"fault":"moderation","image":0}"#, #"rule 1.then.image is "0"; allowed: the number of an image"#),
    (#"{"fault":"reset","stage":"input"}"#, #"rule 1.then.stage is "input"; allowed: only together with the fault moderation"#),
    (#"{"bytes":-5}"#, #"rule 1.then.bytes is "-5"; allowed: a number of bytes from 1"#),
    (#"{"fault":7}"#, "rule 1.then.fault must be a string"),
  ]) func `a rule with a parameter that is not valid is refused`(then: String, message: String) throws {
    let error = try #require(
      #expect(throws: RuleDocumentError.self) { try RuleDocument(parsing: Array(#"[{"then":\#(then)}]"#.utf8)) })
    #expect(error.description.hasPrefix(message), "\(error)")
  }
}

@Suite struct PromptDirectiveTests {
  @Test(arguments: [
    ("[[fakeai fault=billing]]", ""), ("a lake [[fakeai fault=billing]]", "a lake "), ("[[fakeai fault=billing]] a lake", "a lake"),
    ("a [[fakeai fault=billing]] lake", "a lake"), ("a[[fakeai billing]]lake", "alake"),
    ("a [[fakeai latency=1s]] big [[fakeai billing]]\nlake", "a big lake"),
    ("[[fakeai billing]] [[fakeai latency=1s", "[[fakeai latency=1s"), ("ä [[fakeai fault=billing]] 😀 é", "ä 😀 é"),
  ]) func `a directive is taken out of the prompt`(prompt: String, left: String) throws {
    let directive = try #require(try PromptDirective(in: prompt))
    #expect(directive.prompt == left)
    #expect(directive.spec.fault == .present(.billing))
  }

  @Test(arguments: ["", "a lake", "[[fakeai]]", "[[ fakeai fault=billing]]", "[fakeai fault=billing]", "[[FAKEAI fault=billing]]"])
  func `other brackets are left alone`(prompt: String) throws {
    #expect(try PromptDirective(in: prompt) == nil)
  }

  @Test func `the first of several directives takes precedence`() throws {
    let directive = try PromptDirective(in: "[[fakeai fault=reset]] [[fakeai fault=billing latency=1s]]")
    #expect(directive?.spec == FaultSpec(fault: .present(.reset), latency: .fixed(.seconds(1))))
  }

  @Test func `an invalid directive is refused`() {
    #expect(throws: FaultSpecError.self) { try PromptDirective(in: "a lake [[fakeai fault=flood]]") }
  }

  @Test func `a prompt of nothing but opening brackets is parsed quickly`() throws {
    let prompt = String(repeating: "[[fakeai ", count: 3500)
    #expect(try PromptDirective(in: prompt)?.prompt == prompt)
    #expect(try PromptDirective(in: String(repeating: "[[fakeai latency=1s]] ", count: 1500))?.prompt == "")
  }

  /// Prompts whose characters are long or hard to segment: comparing characters would take quadratic time.
  static let fillings = ["\u{1F1E6}", "a\u{301}", "\r\n", "\u{1F468}\u{200D}", "\u{915}\u{94D}", "\u{301}", " ", "[[fakeai "]

  @Test(arguments: fillings) func `parsing a prompt takes linear time`(filling: String) {
    func seconds(_ count: Int) -> Double {
      let filling = String(repeating: filling, count: count)
      let prompts = ["[[fakeai none]]" + filling, filling + "[[fakeai none]]", filling + "[[fakeai none]]" + filling]
      return (0..<5).map { _ in
        processorSeconds { for prompt in prompts { _ = try? PromptDirective(in: prompt) } }
      }.min()!
    }
    // In quadratic time, the factor would be sixteen.
    #expect(seconds(16_000) < 10 * seconds(4000))
  }
}
