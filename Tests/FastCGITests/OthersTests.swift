import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// A worker whose renderer is busy until the test releases it, and whose view of the other workers the test sets.
private final class BusyWorker: Sendable {
  private let isDone = Atomic(false)
  private let hasIdlePeer = Atomic(true)
  private let begun = Atomic(0)
  private let stall = Mutex<Instant?>(nil)

  var stallBegan: Instant? { stall.withLock { $0 } }

  func endWork() { isDone.store(true, ordering: .releasing) }

  func say(idlePeer: Bool) { hasIdlePeer.store(idlePeer, ordering: .releasing) }

  func awaitWork() { while begun.load(ordering: .acquiring) == 0 { usleep(1000) } }

  @Sendable func prepare(_ loop: EventLoop) {
    // As the API does if nginx has named a location for other workers.
    loop.redirectElsewhere = { $0.method == "POST" && $0.path != "/again" ? Response(body: Array("elsewhere".utf8)) : nil }
    loop.othersAreIdle = { self.hasIdlePeer.load(ordering: .acquiring) }
    loop.showStall = { instant in self.stall.withLock { $0 = instant } }
  }

  /// `/busy` keeps the renderer busy; other paths are drawn at once.
  @Sendable func handle(_ request: Request) -> Reply {
    if request.method == "GET" { return .now(Response(body: Array("now".utf8))) }
    guard request.path == "/busy" else { return .rendered { Response(body: Array("drawn".utf8)) } }
    return .rendered {
      self.begun.add(1, ordering: .releasing)
      while !self.isDone.load(ordering: .acquiring) { usleep(1000) }
      return Response(body: Array("at last".utf8))
    }
  }
}

@Suite(.timeLimit(.minutes(5))) struct OthersTests {
  private let worker = BusyWorker()

  /// A server whose renderer has been busy for a while.
  private func busyServer() -> (Server, Client) {
    let server = Server(prepare: worker.prepare, handler: worker.handle)
    let busy = Client(server)
    busy.send("POST", "/busy")
    worker.awaitWork()
    usleep(300_000)
    return (server, busy)
  }

  @Test func `a request on a kept connection goes to an idle worker`() throws {
    let server = Server(prepare: worker.prepare, handler: worker.handle)
    let kept = Client(server)
    kept.send("POST", "/")
    #expect(kept.receive()?.text == "drawn")
    let busy = Client(server)
    busy.send("POST", "/busy")
    worker.awaitWork()
    usleep(300_000)
    for _ in 0..<3 {
      kept.send("POST", "/")
      #expect(kept.receive()?.text == "elsewhere")
    }
    kept.send("GET", "/")
    #expect(kept.receive()?.text == "now")
    worker.endWork()
    #expect(busy.receive()?.text == "at last")
    kept.send("POST", "/")
    #expect(kept.receive()?.text == "drawn")
  }

  @Test func `a request is answered here if it was passed on before or no worker is idle`() throws {
    let server = Server(prepare: worker.prepare, handler: worker.handle)
    let (again, other) = (Client(server), Client(server))
    for client in [again, other] {
      client.send("GET", "/")
      #expect(client.receive()?.text == "now")
    }
    let busy = Client(server)
    busy.send("POST", "/busy")
    worker.awaitWork()
    usleep(300_000)
    again.send("POST", "/again")
    usleep(50_000)
    worker.say(idlePeer: false)
    usleep(200_000)
    other.send("POST", "/")
    usleep(50_000)
    worker.endWork()
    #expect(busy.receive()?.text == "at last")
    #expect(again.receive()?.text == "drawn")
    #expect(other.receive()?.text == "drawn")
  }

  @Test func `connections are left to other workers, unless none of them accepts`() throws {
    let (server, _) = busyServer()
    let began = Instant.now
    // As if the other worker, which looks idle, were stopped. The renderer is busy until the end.
    let new = Client(server)
    new.send("GET", "/")
    #expect(new.receive()?.text == "now")
    #expect(Instant.now - began >= .milliseconds(40))
    worker.endWork()
  }

  @Test func `a worker listens again when the others are busy too`() throws {
    let (server, _) = busyServer()
    worker.say(idlePeer: false)
    usleep(200_000)
    let new = Client(server)
    new.send("GET", "/")
    #expect(new.receive()?.text == "now")
    worker.endWork()
  }

  @Test func `a worker reports the start of a stall, and an idle renderer`() throws {
    let before = Instant.now
    let (_, busy) = busyServer()
    let began = try #require(worker.stallBegan)
    #expect(began > before && began < .now - .milliseconds(200))
    worker.endWork()
    #expect(busy.receive() != nil)
    while worker.stallBegan != nil { usleep(1000) }
  }

  @Test func `a request is passed on even while another one has waited for less than 100 ms`() throws {
    let server = Server(prepare: worker.prepare, handler: worker.handle)
    let (busy, waiting) = (Client(server), Client(server))
    busy.send("POST", "/busy")
    worker.awaitWork()
    waiting.send("POST", "/again")
    usleep(300_000)
    worker.endWork()
    #expect(busy.receive()?.text == "at last")
    #expect(waiting.receive()?.text == "drawn")
  }
}
