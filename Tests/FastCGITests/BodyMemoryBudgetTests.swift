import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// Draws until the test releases it, and records the bodies that it got.
private final class Easel: Sendable {
  private let paths = Mutex<[String]>([])
  private let begun = Atomic(0)
  private let isFree = Atomic(false)

  var given: [String] { paths.withLock { $0 } }

  func free() { isFree.store(true, ordering: .releasing) }

  /// Waits until the loop has passed on that many requests; the suite's time limit applies.
  func awaitRequests(_ count: Int) { while given.count < count { usleep(1000) } }

  /// Waits until the renderer has begun one of them.
  func awaitDrawing() { while begun.load(ordering: .acquiring) == 0 { usleep(1000) } }

  /// `/late` is due in an hour, and may begin at once; `/parts` has a response in two parts; `/` is answered at once.
  @Sendable func handle(_ request: Request) -> Reply {
    guard request.path != "/" else { return .now(Response(body: Array("at once".utf8))) }
    paths.withLock { $0.append(request.path) }
    let answer = { @Sendable in
      self.begun.add(1, ordering: .releasing)
      while !self.isFree.load(ordering: .acquiring) { usleep(1000) }
      var response = Response(body: Array(request.path.utf8))
      if request.path == "/parts" { response.continuation = Work { Response(body: Array(" and more".utf8)) } }
      return response
    }
    guard request.path == "/late" else { return .rendered(answer) }
    return .rendered(due: request.arrival + .seconds(3600), answer)
  }
}

@Suite(.timeLimit(.minutes(5))) struct BodyRoomTests {
  private let easel = Easel()
  private let server: Server
  private let large = [UInt8](repeating: 1, count: 600)

  init() {
    var limits = EventLoopLimits()
    (limits.bodyRoom, limits.smallBodyBytes) = (1000, 100)
    server = Server(limits: limits, handler: easel.handle)
  }

  private func client(_ path: String, _ count: Int = 600) -> Client {
    let client = Client(server)
    client.send("POST", path, body: [UInt8](repeating: 1, count: count))
    return client
  }

  /// Whether the loop answers. It has then handled everything that came before.
  private func answersAtOnce() -> Bool { client("/", 100).receive()?.text == "at once" }

  @Test func `a body without memory is not read, and small ones overtake it`() {
    let first = client("/first")
    easel.awaitRequests(1)
    let (second, third) = (client("/second"), client("/third", 200))
    for _ in 0..<3 { #expect(answersAtOnce()) }
    // Not even the third, for which there would be memory: a series of such requests would keep the second one waiting forever.
    #expect(easel.given == ["/first"])
    easel.free()
    #expect([first, second, third].map { $0.receive()?.text } == ["/first", "/second", "/third"])
    #expect(easel.given == ["/first", "/second", "/third"])
  }

  @Test func `bodies that fit are in memory together`() {
    let clients = [client("/first", 500), client("/second", 500)]
    easel.awaitRequests(2)
    easel.free()
    #expect(clients.map { $0.receive()?.text } == ["/first", "/second"])
  }

  @Test func `a body larger than the limit is admitted alone`() {
    easel.free()
    let clients = (0..<3).map { client("/\($0)", 5000) }
    #expect(clients.map { $0.receive()?.text } == ["/0", "/1", "/2"])
  }

  @Test func `a kept connection reserves memory for each request`() {
    easel.free()
    let client = Client(server)
    for number in 0..<20 {
      client.send("POST", "/\(number)", body: large)
      #expect(client.receive()?.text == "/\(number)")
    }
  }

  @Test func `a client that leaves while its body waits gives up its place`() {
    let first = client("/first")
    easel.awaitRequests(1)
    do { _ = client("/gone") }
    let second = client("/second")
    #expect(answersAtOnce())
    easel.free()
    #expect([first, second].map { $0.receive()?.text } == ["/first", "/second"])
    #expect(easel.given == ["/first", "/second"])
  }

  @Test func `a client that leaves during rendering holds its memory until the renderer is done`() {
    do {
      let gone = client("/gone")
      easel.awaitDrawing()
      _ = gone
    }
    let next = client("/next")
    for _ in 0..<3 { #expect(answersAtOnce()) }
    #expect(easel.given == ["/gone"])
    easel.free()
    #expect(next.receive()?.text == "/next")
  }

  @Test func `a response in parts holds its memory until the last part`() {
    easel.free()
    for _ in 0..<3 { #expect(client("/parts").receive()?.text == "/parts and more") }
  }

  @Test func `a delayed response releases its memory to waiting requests`() {
    let late = client("/late")
    easel.awaitRequests(1)
    easel.free()
    #expect(client("/next").receive()?.text == "/next")
    _ = late
  }

  @Test func `a stop admits the waiting requests`() {
    let clients = [client("/first"), client("/second")]
    easel.awaitRequests(1)
    #expect(answersAtOnce())
    server.stop()
    easel.free()
    #expect(clients.map { $0.receive()?.text } == ["/first", "/second"])
    #expect(server.ends())
  }
}
