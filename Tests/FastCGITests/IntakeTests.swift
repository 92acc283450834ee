import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// Parses large requests until the test releases it.
private final class SlowParser: Sendable {
  private let begun = Atomic(0)
  private let isFree = Atomic(false)

  func free() { isFree.store(true, ordering: .releasing) }

  func awaitParsing() { while begun.load(ordering: .acquiring) == 0 { usleep(1000) } }

  @Sendable func handle(_ request: Request) -> Reply {
    guard case .whole(let bytes) = request.body, bytes.count > 100 else { return .now(Response(body: Array("small".utf8))) }
    begun.add(1, ordering: .releasing)
    while !isFree.load(ordering: .acquiring) { usleep(1000) }
    let answer = { @Sendable in Response(body: Array("\(bytes.count) bytes".utf8)) }
    switch request.path {
    case "/rendered": return .rendered(answer)
    case "/late": return .rendered(due: .now + .milliseconds(260), answer)
    case "/awaited":
      return .pending(PendingReply(every: .milliseconds(1), until: .now + .seconds(10), check: answer, onTimeout: { .respond(answer()) }))
    default: return .now(answer())
    }
  }
}

@Suite(.timeLimit(.minutes(5))) struct IntakeTests {
  private let parser = SlowParser()
  private let server: Server

  init() {
    var limits = EventLoopLimits()
    limits.smallBodyBytes = 100
    server = Server(limits: limits, handler: parser.handle)
  }

  private func client(_ path: String, _ count: Int, keeping: Bool = true) -> Client {
    let client = Client(server)
    client.send("POST", path, body: [UInt8](repeating: 1, count: count), keeping: keeping)
    return client
  }

  @Test func `small requests are answered while a large one is parsed`() {
    let large = client("/", 200_000)
    parser.awaitParsing()
    for _ in 0..<10 { #expect(client("/", 50).receive()?.text == "small") }
    parser.free()
    #expect(large.receive()?.text == "200000 bytes")
  }

  @Test(arguments: ["/", "/rendered", "/late", "/awaited"]) func `every kind of reply reaches the connection that asked`(path: String) {
    parser.free()
    let client = Client(server)
    for count in [200, 70_000, 1000] {
      client.send("POST", path, body: [UInt8](repeating: 1, count: count))
      #expect(client.receive()?.text == "\(count) bytes")
    }
    client.send("POST", path, body: [1])
    #expect(client.receive()?.text == "small")
  }

  @Test func `a client that leaves while its request is parsed does not affect others`() {
    do {
      let gone = client("/rendered", 1000)
      parser.awaitParsing()
      _ = gone
    }
    // Its descriptor must not be reused before the intake thread is done with it.
    let others = (0..<5).map { _ in client("/", 500) }
    #expect(client("/", 50).receive()?.text == "small")
    parser.free()
    #expect(others.map { $0.receive()?.text } == Array(repeating: "500 bytes", count: 5))
  }

  @Test func `a stop waits for a request that is being parsed`() {
    let large = client("/rendered", 1000)
    parser.awaitParsing()
    server.stop()
    usleep(50_000)
    parser.free()
    #expect(large.receive()?.text == "1000 bytes")
    #expect(server.ends())
  }

  @Test func `a connection that is not kept is closed after the response to a large request`() {
    parser.free()
    let client = client("/rendered", 1000, keeping: false)
    #expect(client.receive()?.text == "1000 bytes")
    #expect(client.isClosed())
  }

  @Test func `a large body that ends early is reported as incomplete`() {
    parser.free()
    let client = Client(server)
    client.send("POST", "/", body: [UInt8](repeating: 1, count: 200), announced: 5000)
    #expect(client.receive()?.text == "small")
  }
}
