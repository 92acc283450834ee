import JSON
import Limits
import RedisTesting
import Simulation
import Testing

@testable import FastCGI
@testable import OpenAIAPI

/// /_fakeai/events without a socket: the stream is asked as the loop would ask it.
@Suite(.timeLimit(.minutes(5))) struct EventsTests {
  /// Where the journal is that the stream reads.
  enum Place: CaseIterable { case memory, later, redis }

  private func fixture(_ place: Place) throws -> ServiceFixture {
    try ServiceFixture(isDeferred: place == .later, redis: place == .redis ? SharedServers.client() : nil)
  }

  @Test(arguments: Place.allCases)
  func `a stream tells each request once, those before it and those after`(_ place: Place) throws {
    let fixture = try fixture(place)
    for _ in 0..<5 { _ = fixture.generate("{") }
    try fixture.awaitRequests(5)
    let all = try OpenedStream(fixture, "topics=requests&since=0")
    let new = try OpenedStream(fixture, "topics=requests")
    #expect(all.opening == "retry: 1000\nid: -1\n\n" && new.opening == "retry: 1000\nid: 4\n\n")
    all.read(until: 4)
    for _ in 0..<5 { _ = fixture.generate("{") }
    all.read(until: 9)
    new.read(until: 9)
    #expect(all.ids == Array(0...9) && new.ids == Array(5...9))
    #expect(all.text.contains("event: request\nid: 9\ndata: {\"sequence\":9,\"time\":"))
    #expect(all.text.hasSuffix(new.text.suffix(100)))
  }

  @Test(arguments: Place.allCases) func `a client goes on after the last request that it knows of`(_ place: Place) throws {
    let fixture = try fixture(place)
    for _ in 0..<5 { _ = fixture.generate("{") }
    try fixture.awaitRequests(5)
    for (header, query, ids) in [("2", "", [3, 4]), ("-1", "", [0, 1, 2, 3, 4]), ("3", "&since=0", [4]), ("77", "", [0, 1, 2, 3, 4])] {
      let stream = try OpenedStream(fixture, "topics=requests" + query, ["HTTP_LAST_EVENT_ID": header])
      stream.read(until: 4)
      #expect(stream.ids == ids, "after \(header)")
    }
  }

  @Test func `what was removed shows as a gap, also while the stream is open`() throws {
    let fixture = try ServiceFixture()
    for _ in 0..<5 { _ = fixture.generate("{") }
    let stream = try OpenedStream(fixture, "topics=requests&since=0")
    stream.read(until: 4)
    for _ in 0..<3 { _ = fixture.generate("{") }
    _ = fixture.get("/_fakeai/requests", method: "DELETE")
    _ = fixture.generate("{")
    stream.read(until: 8)
    #expect(stream.text.contains("event: gap\nid: 7\ndata: {\"from\":5,\"to\":7}\n\n"))
    #expect(stream.ids == [0, 1, 2, 3, 4, 7, 8])
  }

  @Test func `figures say how often rules applied, and what is left of limits`() throws {
    let fixture = try ServiceFixture(limits: [.images: 50])
    let rules = #"[{"name":"second","when":{"every":2},"then":{"fault":"server_error"}},{"then":{"fault":"overloaded"}}]"#
    let put = fixture.send(Request(method: "PUT", path: "/_fakeai/rules", body: .whole(Array(rules.utf8))))
    #expect(put.status == 200)
    for _ in 0..<5 { _ = fixture.generate(#"{"prompt":"A","size":"256x256"}"#) }
    let stream = try OpenedStream(fixture, "topics=figures")
    stream.read { stream.text.hasSuffix("\n\n") && stream.text.contains("event: figures\ndata: {\"time\":") }
    #expect(stream.text.contains(#""rules":[{"rule":"second","struck":2},{"rule":"2","struck":3}]"#))
    #expect(stream.text.contains(#""limits":[{"number":0,"key":null,"state":"ok","session":null,"profile":null,"requests":null,"#))
    #expect(stream.text.contains(#""images":{"limit":50,"remaining":45,"#))
    #expect(stream.opening == "retry: 1000\n\n", "figures have no id")
    _ = fixture.get("/_fakeai/reset", method: "POST")
    #expect(fixture.service.rules.strikes(of: "").isEmpty)
  }

  @Test func `streams that are asked in the same second get the same figures once`() throws {
    let fixture = try ServiceFixture()
    let (one, other) = (try OpenedStream(fixture, "topics=figures"), try OpenedStream(fixture, "topics=figures"))
    one.ask()
    other.ask()
    #expect(!one.text.isEmpty && one.text == other.text)
    one.ask()
    #expect(one.text == other.text, "no second has passed")
  }

  @Test func `a stream ends when it has lasted as long as one may`() throws {
    let fixture = try ServiceFixture()
    for (longest, ends) in [(Duration.zero, true), (.seconds(60), false)] {
      let stream = EventStream(fixture.service, figures: true, longest: longest)
      if case .end = stream.news() { #expect(ends) } else { #expect(!ends) }
    }
  }

  @Test func `the keys and what is left of their limits`() throws {
    let keys = #"[{"key":"sk-first-0001","images_per_minute":5},{"key":"sk-second-0002","state":"quota","session":"a"}]"#
    let keyring = try Keyring(file: Array(keys.utf8), profiles: [])
    let fixture = try ServiceFixture(configuration: .init(keyring: keyring), limits: [.requests: 100])
    _ = fixture.generate(#"{"prompt":"A","size":"256x256"}"#, ["HTTP_AUTHORIZATION": "Bearer sk-first-0001"])
    let data = fixture.get("/_fakeai/limits").json[at: "data"]
    #expect(data[at: 0, "key"] == .null && data[at: 1, "key"] == "0001" && data[at: 2, "key"] == "0002")
    let first = data[at: 1]
    #expect(first[at: "number"] == .integer(1) && first[at: "state"] == "ok")
    #expect(first[at: "images"][at: "remaining"] == .integer(4) && first[at: "images"][at: "shared"] == .boolean(false))
    #expect(first[at: "requests"][at: "limit"] == .integer(100) && first[at: "requests"][at: "shared"] == .boolean(true))
    #expect(data[at: 2, "state"] == "quota" && data[at: 2, "session"] == "a")
    #expect(!fixture.get("/_fakeai/limits").text.contains("first-0001"))
  }
}
