import FastCGI
import Testing

@testable import OpenAIAPI

/// Access to the mock's own routes through a browser.
@Suite struct AccessTests {
  private static let own = [
    ("GET", "/_fakeai/stats"), ("GET", "/_fakeai/faults"), ("GET", "/_fakeai/rules"), ("PUT", "/_fakeai/rules"),
    ("GET", "/_fakeai/requests"), ("DELETE", "/_fakeai/requests"), ("GET", "/_fakeai/limits"), ("GET", "/_fakeai/events"),
    ("GET", "/metrics"),
  ]

  private let fixture: ServiceFixture

  init() throws {
    let trusted = TrustedHosts(["mock.staging.test", ".lab.test"], machine: ["Builder", "builder.example.com"])
    fixture = try ServiceFixture(configuration: .init(workerName: "7-42", trustedHosts: trusted))
  }

  private func ask(_ method: String, _ path: String, _ variables: [String: String]) -> Response {
    let body = method == "PUT" ? Array("[]".utf8) : []
    return fixture.send(Request(method: method, path: path, variables: CGIParameters(variables), body: .whole(body)))
  }

  @Test(arguments: [
    "127.0.0.1", "127.0.0.1:8000", "10.1.2.3:8000", "[::1]", "[::1]:8000", "[FE80::1]:80", "[::ffff:127.0.0.1]:8000", "localhost",
    "LOCALHOST:8000", "localhost.", "localhost.:8000", "mock.localhost:8000", "builder:8000", "BUILDER.example.com.:8000",
    "mock.staging.test", "Mock.Staging.Test.:8443", "a.lab.test", "a.b.lab.test:1",
  ]) func `a trusted host is accepted`(host: String) {
    for (method, path) in Self.own { #expect(ask(method, path, ["HTTP_HOST": host]).status == 200, "\(method) \(path)") }
  }

  @Test(arguments: [
    "rebind.example", "rebind.example:8000", "127.0.0.1.rebind.example", "localhost.rebind.example:8000", "evillocalhost", "lab.test",
    "evillab.test", "builder.evil.test", "example.com", "localhost..", "", ":8000", ".", "localhost:", "localhost:0x50", "localhost:99999",
    "localhost:8000:8000", "a@localhost", "localhost, rebind.example", "[::1", "[::1]x", "[::1%25eth0]", "[localhost]", "[127.0.0.1]",
    "::1",
    "0x7f.1.", "2130706433", "127.1", "127.0.0.01", "localhost\u{e9}",
  ]) func `a page whose name resolves to this machine can read and change nothing`(host: String) {
    for (method, path) in Self.own {
      let response = ask(method, path, ["HTTP_HOST": host, "HTTP_X_FORWARDED_HOST": "localhost", "HTTP_FORWARDED": "host=localhost"])
      #expect(response.status == 403, "\(method) \(path)")
      #expect(response.text.contains("The Host header is '\(host)'") && response.text.contains("FAKEAI_TRUSTED_HOSTS"))
    }
  }

  @Test func `a request without a Host header is accepted`() {
    for (method, path) in Self.own { #expect(ask(method, path, [:]).status == 200) }
  }

  @Test(arguments: [
    ("localhost:8000", "http://localhost:8000"), ("LocalHost:8000", "http://localhost:8000"), ("localhost", "http://localhost"),
    ("localhost:80", "http://localhost"), ("localhost", "http://localhost:80"), ("localhost", "https://localhost"),
    ("localhost", "https://localhost:443"), ("[::1]:8000", "http://[::1]:8000"), ("127.0.0.1:8000", "http://127.0.0.1:8000"),
  ]) func `a page of the mock itself is accepted`(host: String, origin: String) {
    for (method, path) in Self.own {
      #expect(ask(method, path, ["HTTP_HOST": host, "HTTP_ORIGIN": origin, "HTTP_SEC_FETCH_SITE": "same-origin"]).status == 200)
    }
  }

  @Test(arguments: [
    "null", "", "http://evil.test", "http://localhost", "http://localhost:3000", "https://localhost", "http://127.0.0.1:8000",
    "http://localhost:8000.evil.test", "http://localhost:8000/", "file://", "chrome-extension://localhost:8000", "localhost:8000",
    "http://localhost:8000, http://evil.test",
  ]) func `a page of another origin is refused`(origin: String) {
    for (method, path) in Self.own {
      let response = ask(method, path, ["HTTP_HOST": "localhost:8000", "HTTP_ORIGIN": origin])
      #expect(response.status == 403 && response.text.contains("The Origin header is '\(origin)'"), "\(method) \(path)")
      #expect(ask(method, path, ["HTTP_ORIGIN": origin]).status == 403, "without a Host, no origin is ours")
    }
  }

  @Test(arguments: ["cross-site", "same-site", "Same-Origin", "", "whatever"])
  func `a request that a browser makes for another site is refused`(site: String) {
    for (method, path) in Self.own { #expect(ask(method, path, ["HTTP_HOST": "localhost", "HTTP_SEC_FETCH_SITE": site]).status == 403) }
  }

  @Test func `a typed address is accepted`() {
    #expect(ask("GET", "/_fakeai/stats", ["HTTP_HOST": "localhost", "HTTP_SEC_FETCH_SITE": "none"]).status == 200)
  }

  @Test(arguments: ["X_FORWARDED_FOR", "X_REAL_IP", "FORWARDED"]) func `an empty forwarding header is refused`(header: String) {
    #expect(ask("GET", "/metrics", ["HTTP_HOST": "localhost", "HTTP_\(header)": ""]).status == 403)
    #expect(ask("GET", "/metrics", ["HTTP_HOST": "localhost", "HTTP_\(header)": "127.0.0.1"]).status == 200)
  }

  @Test(arguments: [
    ("application/json", 200), ("application/json; charset=utf-8", 200), ("Application/JSON", 200), ("application/merge-patch+json", 200),
    ("application/x-www-form-urlencoded", 415), ("text/plain", 415), ("text/plain; x=application/json", 415),
    ("multipart/form-data; boundary=x", 415), ("application/jsonp", 415), ("text/json", 415), ("image/svg+json", 415), ("", 200),
  ]) func `a body that a form could have sent is refused`(type: String, status: Int) {
    let response = ask("PUT", "/_fakeai/rules", ["HTTP_HOST": "localhost", "CONTENT_TYPE": type])
    #expect(response.status == status)
    #expect(status == 200 || response.text.contains("Send 'Content-Type: application/json'"))
  }

  @Test func `a refused request changes nothing`() {
    let rules = Array(#"[{"then":{"fault":"reset"}}]"#.utf8)
    for variables in [["HTTP_HOST": "rebind.example"], ["HTTP_HOST": "localhost", "HTTP_ORIGIN": "null"]] as [[String: String]] {
      let request = Request(method: "PUT", path: "/_fakeai/rules", variables: CGIParameters(variables), body: .whole(rules))
      #expect(fixture.send(request).status == 403)
    }
    #expect(fixture.get("/_fakeai/rules").text == "[]\n")
  }

  @Test func `the API accepts every host name`() {
    #expect(fixture.get("/v1/models", ["HTTP_HOST": "mock.test", "HTTP_ORIGIN": "http://app.test"]).status == 200)
  }

  @Test func `no other site may embed a response`() {
    for (method, path) in Self.own + [("GET", "/_fakeai/nothing"), ("POST", "/metrics")] {
      for host in ["localhost", "rebind.example"] {
        let response = ask(method, path, ["HTTP_HOST": host])
        #expect(response.header("Cross-Origin-Resource-Policy") == "same-origin")
        #expect(response.header("X-Content-Type-Options") == "nosniff")
        #expect(response.header("Access-Control-Allow-Origin") == nil)
      }
    }
  }

  @Test func `the machine's names are its own and those beside it`() {
    let hosts = """
      127.0.0.1 localhost
      127.0.1.1\tBuilder.example.com builder # other.test
      0.0.0.0 tracker.test
      # 10.0.0.1 builder commented.test
      """
    #expect(MachineNames.names(beside: "builder", in: hosts) == ["builder.example.com", "builder"])
    #expect(MachineNames.names(beside: "build", in: hosts) == [])
  }
}
