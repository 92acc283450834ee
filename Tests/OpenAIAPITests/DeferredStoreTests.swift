import FastCGI
import Testing

@testable import OpenAIAPI

/// A store that answers later, from another thread.
@Suite(.timeLimit(.minutes(5))) struct DeferredStoreTests {
  @Test(arguments: [1, 3]) func `images are stored and served as by a store that answers at once`(count: Int) throws {
    let fixture = try ServiceFixture(isDeferred: true)
    let response = fixture.generate(#"{"prompt":"A lake","size":"256x256","n":\#(count)}"#)
    let paths = response.text.matches(of: /\/images\/[^"]*/).map { String($0.output) }
    #expect(response.status == 200)
    #expect(Set(paths).count == count)
    for path in paths {
      let reply = fixture.service.reply(to: Request(method: "GET", path: path))
      guard case .wait = reply.action else {
        Issue.record("it does not wait for the store")
        return
      }
      let image = reply.run()
      #expect(image.status == 200)
      #expect(image.header("Content-Type") == "image/png")
    }
  }

  @Test func `an image that is not there is 404, and one that is refused is refused`() throws {
    let fixture = try ServiceFixture(size: 1 << 20, evictsWhenFull: false, isDeferred: true)
    #expect(fixture.get("/images/\(String(repeating: "0", count: 12))8abc8def0123456789ab.png").status == 404)
    var last = 200
    for _ in 0..<200 where last == 200 { last = fixture.generate(#"{"prompt":"A lake","quality":"hd"}"#).status }
    #expect(last == 507)
  }
}
