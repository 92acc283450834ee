import FastCGI
import Testing

@testable import OpenAIAPI

@Suite struct SignedURLTests {
  private let key = [UInt8](0..<32)

  private func fixture(key: [UInt8]? = nil, draws: Bool = true) throws -> ServiceFixture {
    try ServiceFixture(configuration: .init(drawsImages: draws, urlSigner: URLSigner(key: key ?? self.key), workerName: "7-42"))
  }

  /// Path and query of the URL of a new image.
  private func parts(_ fixture: ServiceFixture, fault: String? = nil) throws -> (path: String, query: String) {
    let answer = fixture.generate(#"{"prompt":"A lake","size":"256x256"}"#, fault.map { ["HTTP_X_FAKEAI_FAULT": $0] } ?? [:])
    let match = try #require(answer.text.firstMatch(of: /"url": "http:\/\/mock.test:8000(\/images\/[^"?]*)\?([^"]*)"/))
    return (String(match.1), String(match.2))
  }

  private func get(_ fixture: ServiceFixture, _ path: String, _ query: String, _ variables: [String: String] = [:]) -> Response {
    fixture.send(Request(method: "GET", path: path, query: query, variables: CGIParameters(variables)))
  }

  @Test func `a URL has the parameters of production's, in their order`() throws {
    let (path, query) = try parts(fixture())
    #expect(path.wholeMatch(of: /\/images\/[0-9a-f]{32}\.png/) != nil)
    let expected = """
      st=2026-11-22T11%3A00%3A00Z&se=2026-11-22T13%3A00%3A00Z&sp=r&sv=2024-08-04&sr=b&rscd=inline&rsct=image/png&\
      skoid=fa4ea100-0000-4000-8000-00000000b10b&sktid=fa4ea100-0000-4000-8000-0000007e4a47&skt=2026-11-22T11%3A00%3A00Z&\
      ske=2026-11-23T11%3A00%3A00Z&sks=b&skv=2024-08-04&sig=
      """
    #expect(query.hasPrefix(expected))
    #expect(query.dropFirst(expected.count).wholeMatch(of: /([0-9A-Za-z]|%2B|%2F){43}%3D/) != nil)
  }

  @Test func `a URL leads to its image until it expires, and to nothing but an error afterwards`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture)
    fixture.wait(seconds: 3599)
    let response = get(fixture, path, query)
    #expect(response.status == 200 && response.body.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(response.header("Cache-Control") == "public, max-age=1, immutable")
    #expect(response.header("Expires") == "Sun, 22 Nov 2026 13:00:00 GMT")
    #expect(response.header("X-Accel-Expires") == "0")
    fixture.wait(seconds: 1)
    let late = get(fixture, path, query)
    #expect(late.status == 403)
    #expect(late.header("Content-Type") == "application/xml" && late.header("x-ms-error-code") == "AuthenticationFailed")
    let id = try #require(late.header("x-ms-request-id"))
    #expect(
      late.text == """
        <?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request. \
        Make sure the value of Authorization header is formed correctly including the signature.
        RequestId:\(id)
        Time:2026-11-22T13:00:00.0000000Z</Message><AuthenticationErrorDetail>Signed expiry time [Sun, 22 Nov 2026 13:00:00 GMT] must be \
        after signed start time [Sun, 22 Nov 2026 13:00:00 GMT]</AuthenticationErrorDetail></Error>
        """)
    // A tampered signature is reported first.
    #expect(get(fixture, path, query.replacing("sp=r", with: "sp=w")).text.contains("Signature did not match"))
  }

  @Test func `no parameter can be changed or left out`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture)
    let items = query.split(separator: "&").map(String.init)
    for index in items.indices {
      for changed in [items[index] + "0", nil] {
        var others = items
        if let changed { others[index] = changed } else { others.remove(at: index) }
        let response = get(fixture, path, others.joined(separator: "&"))
        #expect(response.status == 403 && response.text.contains("Signature did not match"), "\(items[index])")
      }
    }
    for other in ["", "sig=", "sig=%00", "sig=%zz", "&&&", "se=2026-11-22T13%3A00%3A00Z"] {
      #expect(get(fixture, path, other).status == 403)
    }
    // The signature of one image opens no other one, whether there is one or not.
    #expect(get(fixture, try parts(fixture).path, query).status == 403)
    #expect(get(fixture, "/images/0000000000008abc8def0123456789ab.png", query).status == 403)
    #expect(get(fixture, path.replacing(".png", with: ".jpg"), query).status == 403)
    #expect(get(fixture, "/images/x.png", query).status == 404)
  }

  @Test func `the order of the parameters and their escapes do not matter`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture)
    let unescaped = ["%3A": ":", "%3D": "=", "%2B": "+", "%2F": "/"].reduce(query) { $0.replacing($1.key, with: $1.value) }
    let reversed = query.split(separator: "&").reversed().joined(separator: "&")
    for same in [unescaped, reversed, query + "&version=2", "a=b&" + query, query.replacing("image/png", with: "image%2Fpng")] {
      #expect(get(fixture, path, same).status == 200, "\(same)")
    }
    #expect(get(fixture, path, "sp=w&" + query).status == 403, "the first of two counts")
  }

  @Test func `another key's signature does not match`() throws {
    let (path, query) = try parts(try fixture(key: [UInt8](1..<33)))
    let response = get(try fixture(), path, query)
    #expect(response.status == 403 && response.text.contains("Signature did not match. String to sign used was r\n2026-11-22T11:00:00Z"))
  }

  @Test func `what a client sends is escaped in the error`() throws {
    let fixture = try fixture()
    let (path, _) = try parts(fixture)
    let text = get(fixture, path, "sp=%3Cscript%3E%26%00%1b%C3%A9&sig=x").text
    #expect(text.contains("was &lt;script&gt;&amp;??é\n"))
  }

  @Test func `conditions, ranges and HEAD work with a signature, and only with it`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture)
    #expect(get(fixture, path, query, ["HTTP_RANGE": "bytes=1-3"]).text == "PNG")
    #expect(get(fixture, path, query, ["HTTP_IF_NONE_MATCH": "*"]).status == 304)
    #expect(get(fixture, path, "", ["HTTP_IF_NONE_MATCH": "*"]).status == 403)
    let head = fixture.send(Request(method: "HEAD", path: path, query: ""))
    #expect(head.status == 403 && head.body.isEmpty && head.header("x-ms-error-code") != nil)
  }

  @Test func `a fault makes URLs that have expired, and expires those that are fetched`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture, fault: "expired_url")
    #expect(get(fixture, path, query).text.contains("Signed expiry time [Sun, 22 Nov 2026 11:59:59 GMT]"))
    let valid = try parts(fixture)
    let struck = get(fixture, valid.path, valid.query, ["HTTP_X_FAKEAI_FAULT": "expired_url"])
    #expect(struck.status == 403 && struck.header("X-FakeAI-Fault") == "expired_url" && struck.header("Cache-Control") == "no-store")
    #expect(get(fixture, valid.path, valid.query).status == 200)
  }

  @Test func `missing images and made-up URLs look the same`() throws {
    let fixture = try fixture()
    let (path, query) = try parts(fixture, fault: "missing_image")
    #expect(query.contains("&sig=") && get(fixture, path, query).status == 404)
    let madeUp = try self.fixture(draws: false).generate(#"{"prompt":"x","response_format":"url"}"#).text
    #expect(madeUp.contains(/"https:\/\/simulated-openai-images.example.com\/[0-9a-f]{32}\.png\?st=[^"]*&sig=[^"]*%3D"/))
  }

  @Test func `without a signer, URLs are plain and queries are ignored`() throws {
    let fixture = try ServiceFixture()
    let path = fixture.imagePath()
    #expect(!path.contains("?"))
    let response = get(fixture, path, "sig=wrong")
    #expect(response.status == 200 && response.header("X-Accel-Expires") == nil)
  }
}
