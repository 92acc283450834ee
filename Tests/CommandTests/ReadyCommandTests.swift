import Testing

@testable import fakeai_images

@Suite struct ReadyCommandTests {
  @Test(arguments: [
    ("http://localhost", "http://localhost"), ("http://localhost:8000/", "http://localhost:8000"),
    ("http://[::1]:8000/mock//", "http://[::1]:8000/mock"),
  ])
  func `a server has a name or an address, and may have a port and a path`(text: String, url: String) throws {
    #expect(try ServerAddress(url: text).url == url)
  }

  @Test(arguments: [
    "", "localhost:8000", "https://localhost", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:b", "http://u@a",
    "http://a/?b", "http://a#b", "http://a b", "http://a\nb", "http://[::1]8000",
  ])
  func `anything else is refused, and the error says what is allowed`(text: String) {
    let failure = #expect(throws: CommandFailure.self) { try ServerAddress(url: text) }
    #expect(failure?.status == 64)
    #expect(failure?.line == "--url is \(text.debugDescription); allowed: http://host[:port][/path], without a query")
  }

  @Test(arguments: [
    ("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::", "http://127.0.0.1:8000"),
    ("fd00::1", "http://[fd00::1]:8000"),
  ])
  func `without a URL, the settings name the server`(host: String, url: String) throws {
    var settings = Settings()
    settings.hosts = [host]
    #expect(try ServerAddress(settings).url == url)
  }
}
