import Spelling
import Testing

@Suite struct NearestNameTests {
  private static let faults = ["missing_api_key", "quota", "rate_limit", "server_error", "overloaded", "timeout", "slow_body", "reset"]

  @Test(arguments: [
    ("rate_limt", "rate_limit"), ("ratelimit", "rate_limit"), ("rate-limit", "rate_limit"), ("RATE_LIMIT", "rate_limit"),
    ("rate_limit_exceeded", "rate_limit"), ("server_is_overloaded", "overloaded"), ("error", "server_error"), ("qouta", "quota"),
    ("timeuot", "timeout"), ("quota", "quota"),
  ])
  func `a misspelt name means the nearest one`(word: String, meant: String) {
    #expect(Self.faults.nearest(to: word) == meant)
    #expect(Self.faults.suggestion(for: word) == " (did you mean \(meant)?)")
  }

  @Test(arguments: ["", "x", "flood", "e", "429", "rate_limit" + String(repeating: "t", count: 60)])
  func `a word that resembles no name gets no suggestion`(word: String) {
    #expect(Self.faults.nearest(to: word) == nil)
    #expect(Self.faults.suggestion(for: word).isEmpty)
  }

  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("port", "prot", 1), ("abcd", "badc", 2), ("ab", "b", 1),
  ])
  func `distance counts what is inserted, deleted, replaced and swapped`(_ one: String, _ other: String, _ distance: Int) {
    #expect(one.editDistance(to: other) == distance)
    #expect(other.editDistance(to: one) == distance)
  }
}
