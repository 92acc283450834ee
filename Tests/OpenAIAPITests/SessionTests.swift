import FoundationEssentials
import JSON
import Limits
import OpenAIAPI
import Testing

@testable import FastCGI

/// Sessions as a client sees them: by header, by key, and in the queries of the mock's own routes.
@Suite struct SessionTests {
  private let billing = #"[{"then":{"fault":"billing"}}]"#
  private let lake = #"{"prompt":"A lake","size":"256x256"}"#

  private func put(_ fixture: ServiceFixture, _ rules: String, _ query: String = "", _ variables: CGIParameters = [:]) -> Response {
    fixture.send(Request(method: "PUT", path: "/_fakeai/rules", query: query, variables: variables, body: .whole(Array(rules.utf8))))
  }

  private func own(
    _ fixture: ServiceFixture, _ method: String, _ path: String, _ query: String = "", _ variables: CGIParameters = [:]
  ) -> Response {
    fixture.send(Request(method: method, path: "/_fakeai/" + path, query: query, variables: variables))
  }

  /// The paths of the recorded requests.
  private func recorded(_ fixture: ServiceFixture, _ query: String, _ variables: CGIParameters = [:]) throws -> [String] {
    struct Page: Decodable {
      struct Entry: Decodable { var path: String }
      var requests: [Entry]
    }
    let response = own(fixture, "GET", "requests", query, variables)
    return try JSONDecoder().decode(Page.self, from: Data(response.body)).requests.map(\.path)
  }

  @Test func `the rules of a session apply to its requests only, whether a header or a key names it`() throws {
    let fixture = try ServiceFixture()
    #expect(put(fixture, billing, "session=a").status == 200)
    #expect(fixture.generate(lake).status == 200)
    #expect(fixture.generate(lake, ["HTTP_X_FAKEAI_SESSION": "a"]).status == 400)
    #expect(fixture.generate(lake, ["HTTP_AUTHORIZATION": "Bearer sk-session-a"]).status == 400)
    #expect(fixture.generate(lake, ["HTTP_AUTHORIZATION": "Bearer sk-session-a", "HTTP_X_FAKEAI_SESSION": "b"]).status == 200)
    #expect(own(fixture, "GET", "rules").text == "[]\n")
    #expect(own(fixture, "GET", "rules", "session=a").text == billing)
    #expect(own(fixture, "GET", "rules", "", ["HTTP_X_FAKEAI_SESSION": "a"]).text == billing)
    #expect(own(fixture, "GET", "rules", "session=", ["HTTP_X_FAKEAI_SESSION": "a"]).text == "[]\n", "the query takes precedence")
  }

  @Test func `the entry of a key in the file names its session`() throws {
    let keyring = try Keyring(file: Array(#"[{"key":"sk-one","session":"a"},{"key":"sk-session-a"}]"#.utf8))
    let fixture = try ServiceFixture(configuration: .init(keyring: keyring))
    #expect(put(fixture, billing, "session=a").status == 200)
    #expect(fixture.generate(lake, ["HTTP_AUTHORIZATION": "Bearer sk-one"]).status == 400)
    #expect(fixture.generate(lake, ["HTTP_AUTHORIZATION": "Bearer sk-session-a"]).status == 200)
    #expect(fixture.get("/v1/models", ["HTTP_AUTHORIZATION": "Bearer sk-three"]).status == 401)
  }

  @Test func `the journal shows and clears the requests of one session, or all`() throws {
    let fixture = try ServiceFixture()
    _ = fixture.get("/v1/models/none")
    _ = fixture.get("/v1/models/a", ["HTTP_X_FAKEAI_SESSION": "a"])
    _ = fixture.get("/v1/models/b", ["HTTP_AUTHORIZATION": "Bearer sk-session-b"])
    #expect(try recorded(fixture, "").count == 3)
    #expect(try recorded(fixture, "session=*", ["HTTP_X_FAKEAI_SESSION": "a"]).count == 3)
    #expect(try recorded(fixture, "session=a") == ["/v1/models/a"])
    #expect(try recorded(fixture, "", ["HTTP_X_FAKEAI_SESSION": "b"]) == ["/v1/models/b"])
    #expect(try recorded(fixture, "session=") == ["/v1/models/none"])
    #expect(own(fixture, "DELETE", "requests", "", ["HTTP_X_FAKEAI_SESSION": "a"]).status == 200)
    #expect(try recorded(fixture, "") == ["/v1/models/none", "/v1/models/b"])
    #expect(own(fixture, "GET", "requests").text.contains(#""session":"b""#))
  }

  @Test(arguments: ["a b", "a/b", "", "ä", String(repeating: "a", count: 65)])
  func `a name that is not allowed is refused, and recorded without a session`(name: String) throws {
    let fixture = try ServiceFixture()
    let answer = fixture.get("/v1/models", ["HTTP_X_FAKEAI_SESSION": name])
    #expect(answer.status == 400)
    let message = "Invalid value for 'X-FakeAI-Session': '\(name)'. Allowed: 1 to 64 letters, digits, dots, hyphens and underscores."
    #expect(answer.text == Response.errorText(message, param: "X-FakeAI-Session", code: "invalid_value"))
    #expect(try recorded(fixture, "session=") == ["/v1/models"])
    #expect(put(fixture, "[]", "", ["HTTP_X_FAKEAI_SESSION": name]).status == 400)
    #expect(fixture.get("/v1/models", ["HTTP_AUTHORIZATION": "Bearer sk-session-a/b"]).text.contains("'sk-session-…': 'a/b'"))
  }

  @Test func `rules belong to one session, and a misspelt parameter changes nothing`() throws {
    let fixture = try ServiceFixture()
    #expect(put(fixture, billing, "session=*").status == 400)
    #expect(put(fixture, billing, "sesion=a").text.contains("Unknown parameter: 'sesion'. The supported name is 'session'."))
    #expect(own(fixture, "GET", "rules").text == "[]\n")
    let long = "[" + String(repeating: " ", count: 4 << 10) + "]"
    #expect(put(fixture, long, "session=a").text.contains("has 4098 bytes; allowed: at most 4096, or 65536 without a session"))
    #expect(put(fixture, long).status == 200)
  }

  @Test func `a reset of one session leaves the others, and a reset of all leaves nothing`() throws {
    let keys = #"[{"key":"sk-a","session":"a","images_per_minute":9},{"key":"sk-b","session":"b","images_per_minute":9}]"#
    let fixture = try ServiceFixture(configuration: .init(keyring: try Keyring(file: Array(keys.utf8))))
    for session in ["a", "b"] {
      #expect(put(fixture, #"[{"when":{"every":9},"then":{"fault":"billing"}}]"#, "session=\(session)").status == 200)
      #expect(fixture.generate(lake, ["HTTP_AUTHORIZATION": "Bearer sk-\(session)"]).status == 200)
    }
    func reset(_ query: String) -> String { own(fixture, "POST", "reset", query).text.filter { !$0.isWhitespace } }
    func remaining(_ key: String) -> String? {
      fixture.get("/v1/models", ["HTTP_AUTHORIZATION": "Bearer \(key)"]).header("x-ratelimit-remaining-images")
    }
    #expect(reset("session=a") == #"{"session":"a","requests":1,"rules":0,"sessions":1,"rate_limits":1}"#)
    #expect(own(fixture, "GET", "rules", "session=a").text == "[]\n" && own(fixture, "GET", "rules", "session=b").text != "[]\n")
    #expect(try recorded(fixture, "session=b").count == 1)
    #expect(remaining("sk-a") == "9" && remaining("sk-b") == "8")
    #expect(reset("session=c") == #"{"session":"c","requests":0,"rules":0,"sessions":0,"rate_limits":0}"#)
    #expect(reset("") == #"{"session":"*","requests":3,"rules":0,"sessions":1,"rate_limits":1}"#)
    #expect(remaining("sk-b") == "9")
    #expect(own(fixture, "POST", "reset", "all=true").status == 400)
    #expect(own(fixture, "GET", "reset").status == 405)
  }
}
