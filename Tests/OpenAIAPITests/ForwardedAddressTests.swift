import FastCGI
import Testing

@testable import OpenAIAPI

@Suite struct ForwardedAddressTests {
  /// The base of image URLs for a request to http://mock.test:8000.
  private func base(_ headers: [String: String]) throws -> String {
    let fixture = try ServiceFixture(configuration: .init(drawsImages: true))
    let variables = Dictionary(uniqueKeysWithValues: headers.map { ("HTTP_" + $0.key, $0.value) })
    let text = fixture.generate(#"{"prompt":"x","size":"256x256"}"#, variables).text
    return String(try #require(text.firstMatch(of: /"url": "(.*)\/images\//)).1)
  }

  @Test(arguments: [
    ("https", "https"), ("https,http", "https"), ("https, http", "https"), ("HTTPS", "https"), (" Https\t, http", "https"),
    (",, https", "https"), ("http, https", "http"), ("http", "http"), ("", "http"), (",", "http"), ("wss", "http"),
    ("javascript", "http"), ("https:", "http"), ("\"https\"", "http"), ("https http", "http"),
  ])
  func `the scheme is that of the first proxy`(value: String, scheme: String) throws {
    #expect(try base(["X_FORWARDED_PROTO": value]) == "\(scheme)://mock.test:8000")
  }

  @Test(
    arguments: [
      (["X_FORWARDED_HOST": "a.test"], "http://a.test"), (["X_FORWARDED_HOST": "a.test, b.test"], "http://a.test"),
      (["X_FORWARDED_HOST": " a.test:81 ,b.test"], "http://a.test:81"),
      (["X_FORWARDED_HOST": "[2001:db8::1]:81"], "http://[2001:db8::1]:81"),
      (["X_FORWARDED_HOST": "a.test", "X_FORWARDED_PROTO": "https"], "https://a.test"),
      (["X_FORWARDED_HOST": "a.test", "X_FORWARDED_PORT": "8443", "X_FORWARDED_PROTO": "https"], "https://a.test:8443"),
      (["X_FORWARDED_HOST": "a.test:81", "X_FORWARDED_PORT": "8443"], "http://a.test:81"),
      (["X_FORWARDED_HOST": "a.test", "X_FORWARDED_PORT": "443, 80", "X_FORWARDED_PROTO": "https"], "https://a.test"),
      (["X_FORWARDED_HOST": "a.test", "X_FORWARDED_PORT": "80", "X_FORWARDED_PROTO": "https"], "https://a.test"),
      (["X_FORWARDED_HOST": "a.test", "X_FORWARDED_PORT": " 8080 , 80"], "http://a.test:8080"),
      (["HOST": "c.test", "X_FORWARDED_PORT": "8443", "X_FORWARDED_PROTO": "https"], "https://c.test:8443"),
      // Whatever is not valid is as good as missing.
      (["X_FORWARDED_HOST": "a.test/b"], "http://mock.test:8000"), (["X_FORWARDED_HOST": "u@a.test"], "http://mock.test:8000"),
      (["X_FORWARDED_HOST": "a\"b"], "http://mock.test:8000"), (["X_FORWARDED_HOST": "a.test:99999"], "http://mock.test:8000"),
      (["X_FORWARDED_HOST": "a.test\r\nx: y"], "http://mock.test:8000"), (["X_FORWARDED_HOST": "é.test"], "http://mock.test:8000"),
      (["X_FORWARDED_HOST": ""], "http://mock.test:8000"), (["HOST": "c.test", "X_FORWARDED_PORT": "0"], "http://c.test"),
      (["HOST": "c.test", "X_FORWARDED_PORT": "65536"], "http://c.test"), (["HOST": "c.test", "X_FORWARDED_PORT": "x"], "http://c.test"),
      (["HOST": "c.test", "X_FORWARDED_PORT": "+81"], "http://c.test"), (["HOST": "c.test", "X_FORWARDED_PORT": "81/x"], "http://c.test"),
    ] as [([String: String], String)])
  func `host and port are those of the first proxy`(headers: [String: String], expected: String) throws {
    #expect(try base(headers) == expected)
  }

  @Test(
    arguments: [
      (["FORWARDED": "for=192.0.2.43;proto=https;host=a.test"], "https://a.test"),
      (["FORWARDED": "For=\"[2001:db8:cafe::17]:4711\"; Proto=HTTPS ; HOST=\"a.test:8443\""], "https://a.test:8443"),
      (["FORWARDED": "proto=https, proto=http;host=b.test"], "https://mock.test:8000"),
      (["FORWARDED": "for=a, proto=https"], "http://mock.test:8000"), (["FORWARDED": ", ;proto=https"], "https://mock.test:8000"),
      (["FORWARDED": "host=\"a.te\\st\""], "http://a.test"), (["FORWARDED": "for=\"x,proto=https\";host=a.test"], "http://a.test"),
      (["FORWARDED": "for=\"\\\"\";host=a.test"], "http://a.test"), (["FORWARDED": "host=a.test:81"], "http://a.test:81"),
      (["FORWARDED": "host = a.test"], "http://a.test"), (["FORWARDED": "host=a.test;host=b.test"], "http://a.test"),
      (
        ["FORWARDED": "host=a.test;proto=https", "X_FORWARDED_PROTO": "http", "X_FORWARDED_HOST": "b.test", "X_FORWARDED_PORT": "9"],
        "https://a.test"
      ),
      (["FORWARDED": "proto=https", "X_FORWARDED_HOST": "b.test"], "https://b.test"),
      // Whatever is not valid is as good as missing.
      (["FORWARDED": "proto=https;host=\"a.test"], "http://mock.test:8000"), (["FORWARDED": "proto"], "http://mock.test:8000"),
      (["FORWARDED": "proto=https x;host=a.test"], "http://mock.test:8000"), (["FORWARDED": "=https"], "http://mock.test:8000"),
      (["FORWARDED": "host=\"a b\";proto=https"], "https://mock.test:8000"), (["FORWARDED": "proto=;host=a.test"], "http://mock.test:8000"),
      (["FORWARDED": "proto=ftp;host=\"a.test/x\"", "X_FORWARDED_PROTO": "https"], "https://mock.test:8000"),
      (["FORWARDED": ""], "http://mock.test:8000"),
    ] as [([String: String], String)])
  func `the standard's header is read and takes precedence`(headers: [String: String], expected: String) throws {
    #expect(try base(headers) == expected)
  }

  @Test func `several headers of one name are one list`() {
    let variables = CGIParameters(dictionaryLiteral: ("HTTP_X_FORWARDED_PROTO", "https"), ("HTTP_X_FORWARDED_PROTO", "http"))
    #expect(ForwardedAddress(Request(method: "GET", path: "/", variables: variables)).scheme == "https")
  }

  @Test func `a forwarded address opens none of the mock's own routes`() throws {
    let fixture = try ServiceFixture()
    let named = ["HTTP_HOST": "evil.test", "HTTP_X_FORWARDED_HOST": "localhost"]
    #expect(fixture.get("/_fakeai/stats", named).status == 403)
    #expect(fixture.get("/_fakeai/stats", ["HTTP_HOST": "localhost", "HTTP_X_FORWARDED_HOST": "evil.test"]).status == 200)
  }

  @Test(
    arguments: [
      (["REQUEST_SCHEME": "https"], true), (["REQUEST_SCHEME": "http"], false), ([:], false),
      (["REQUEST_SCHEME": "http", "HTTP_X_FORWARDED_PROTO": "HTTPS, http"], true),
      (["REQUEST_SCHEME": "https", "HTTP_X_FORWARDED_PROTO": "http"], false), (["HTTP_FORWARDED": "proto=https"], true),
    ] as [([String: String], Bool)])
  func `strict-transport-security is sent over TLS only`(variables: [String: String], isSent: Bool) throws {
    let fixture = try ServiceFixture()
    for path in ["/v1/models", "/v1/nothing"] {
      #expect((fixture.get(path, variables).header("strict-transport-security") != nil) == isSent)
    }
  }
}
