import FastCGI
import Glibc
import Synchronization
import Testing

/// Draws for as long as the test wants, and remembers whose bodies it has been given.
private final class Easel: Sendable {
  private let paths = Mutex<[String]>([])
  private let begun = Atomic(0)
  private let isFree = Atomic(false)

  var given: [String] { paths.withLock { $0 } }

  func free() { isFree.store(true, ordering: .releasing) }

  /// Waits until the loop has handed over so many requests, for ever if need be: the suite has a limit.
  func awaitRequests(_ count: Int) { while given.count < count { usleep(1000) } }

  /// Waits until the renderer has begun with one of them.
  func awaitDrawing() { while begun.load(ordering: .acquiring) == 0 { usleep(1000) } }

  /// `/late` is due in an hour, and may be begun an hour before; `/parts` is answered in two parts; `/` at once.
  @Sendable func handle(_ request: Request) -> Reply {
    guard request.path != "/" else { return .now(Response(body: Array("at once".utf8))) }
    paths.withLock { $0.append(request.path) }
    let answer = { @Sendable in
      self.begun.add(1, ordering: .releasing)
      while !self.isFree.load(ordering: .acquiring) { usleep(1000) }
      var response = Response(body: Array(request.path.utf8))
      if request.path == "/parts" { response.continuation = { Response(body: Array(" and more".utf8)) } }
      return response
    }
    guard request.path == "/late" else { return .rendered(answer) }
    return .rendered(due: request.arrival + .seconds(3600), answer)
  }
}

@Suite(.timeLimit(.minutes(1))) struct BodyRoomTests {
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

  /// Whether the loop goes on; when it has answered, it has done with all that came before.
  private func answersAtOnce() -> Bool { client("/", 100).receive()?.text == "at once" }

  @Test func `a body for which there is no room is not read, and small ones pass it`() {
    let first = client("/first")
    easel.awaitRequests(1)
    let (second, third) = (client("/second"), client("/third", 200))
    for _ in 0..<3 { #expect(answersAtOnce()) }
    // Even the third, for which there would be room: a crowd of such would keep the second out for ever.
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

  @Test func `a body that is larger than all the room gets in alone`() {
    easel.free()
    let clients = (0..<3).map { client("/\($0)", 5000) }
    #expect(clients.map { $0.receive()?.text } == ["/0", "/1", "/2"])
  }

  @Test func `a kept connection has its room anew for each request`() {
    easel.free()
    let client = Client(server)
    for number in 0..<20 {
      client.send("POST", "/\(number)", body: large)
      #expect(client.receive()?.text == "/\(number)")
    }
  }

  @Test func `who leaves while its body waits leaves its place to the next`() {
    let first = client("/first")
    easel.awaitRequests(1)
    do { _ = client("/gone") }
    let second = client("/second")
    #expect(answersAtOnce())
    easel.free()
    #expect([first, second].map { $0.receive()?.text } == ["/first", "/second"])
    #expect(easel.given == ["/first", "/second"])
  }

  @Test func `who leaves while its picture is drawn has its room until that is done`() {
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

  @Test func `an answer in parts keeps its room until the last`() {
    easel.free()
    for _ in 0..<3 { #expect(client("/parts").receive()?.text == "/parts and more") }
  }

  @Test func `what is due late gives its room to those who wait`() {
    let late = client("/late")
    easel.awaitRequests(1)
    easel.free()
    #expect(client("/next").receive()?.text == "/next")
    _ = late
  }

  @Test func `a stop lets those who wait come in`() {
    let clients = [client("/first"), client("/second")]
    easel.awaitRequests(1)
    #expect(answersAtOnce())
    server.stop()
    easel.free()
    #expect(clients.map { $0.receive()?.text } == ["/first", "/second"])
    #expect(server.ends())
  }
}
