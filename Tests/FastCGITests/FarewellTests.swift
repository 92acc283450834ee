import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// What happens to requests that are not answered when the time for that is over.
@Suite(.timeLimit(.minutes(5))) struct FarewellTests {
  private static let limits = {
    var limits = EventLoopLimits()
    limits.closingTime = .milliseconds(300)
    limits.drainTime = .milliseconds(300)
    limits.farewellTime = .seconds(5)
    return limits
  }()

  /// `/stuck` occupies the renderer until the gate is open, `/queued` waits behind it, `/due` and `/scheduled` are almost in time, `/pending`
  /// waits for something that never happens, and `/parts` is stuck after its first part.
  private final class Handler: Sendable {
    let isOpen = Atomic(false)
    let count = Atomic(0)

    @Sendable func handle(_ request: Request) -> Reply {
      count.add(1, ordering: .releasing)
      switch request.path {
      case "/stuck": return .rendered { self.wait() }
      case "/queued": return .rendered { Response(body: Array("queued".utf8)) }
      case "/pending":
        let pending = PendingReply(until: .now + .seconds(60), onTimeout: { Response(body: Array("in vain".utf8)) }, start: { _ in })
        return .pending(pending)
      case "/parts":
        return .rendered {
          var response = Response(body: Array("first ".utf8))
          response.continuation = Work { self.wait() }
          return response
        }
      default: return .now(Response(body: Array("now".utf8)))
      }
    }

    private func wait() -> Response {
      while !isOpen.load(ordering: .acquiring) { usleep(1000) }
      return Response(body: Array("too late".utf8))
    }

    func awaitRequests(_ number: Int) { while count.load(ordering: .acquiring) < number { usleep(1000) } }
  }

  @Test(arguments: [true, false])
  func `requests that are not finished in time are refused rather than dropped`(_ isStop: Bool) throws {
    let handler = Handler()
    defer { handler.isOpen.store(true, ordering: .releasing) }
    let server = Server(limits: Self.limits, handler: handler.handle)
    let clients = ["/stuck", "/queued", "/pending"].map { path in
      let client = Client(server)
      client.send("GET", path)
      return client
    }
    handler.awaitRequests(3)
    if isStop { server.stop() } else { server.beginClosing() }
    for client in clients {
      #expect(client.receive()?.head == "Status: 503 Service Unavailable")
      #expect(client.isClosed(), "the renderer may still work for it")
    }
  }

  @Test func `a response that has begun ends with what is meant for that`() throws {
    let handler = Handler()
    defer { handler.isOpen.store(true, ordering: .releasing) }
    let server = Server(limits: Self.limits, cutShort: Response(body: Array("cut short".utf8)), handler: handler.handle)
    let client = Client(server)
    client.send("GET", "/parts")
    usleep(50_000)
    server.stop()
    #expect(client.receive()?.text == "first cut short")
    #expect(server.ends())
  }

  @Test func `after the closing time, work is refused and ready answers are given`() throws {
    let handler = Handler()
    let server = Server(limits: Self.limits, handler: handler.handle)
    server.beginClosing()
    usleep(500_000)
    let client = Client(server)
    client.send("GET", "/queued")
    #expect(client.receive()?.head == "Status: 503 Service Unavailable")
    client.send("GET", "/ready")
    #expect(client.receive()?.text == "now")
    server.stop()
    #expect(server.ends())
  }

  @Test func `a body that is sent in pieces arrives whole`() throws {
    let server = Server(limits: Self.limits) { _ in
      var response = Response(body: Array("0123456789".utf8))
      response.delivery = .throttled(pieces: 10, pause: .seconds(5))
      return .now(response)
    }
    let client = Client(server)
    client.send("GET", "/")
    usleep(50_000)
    server.stop()
    #expect(client.receive()?.text == "0123456789")
    #expect(server.ends())
  }

  @Test func `it is announced once, by whatever comes first`() throws {
    let count = Atomic(0)
    let server = Server(limits: Self.limits, prepare: { $0.onLeave = { count.add(1, ordering: .relaxed) } }) { _ in .now(Response()) }
    server.beginClosing()
    while count.load(ordering: .relaxed) == 0 { usleep(1000) }
    server.stop()
    #expect(server.ends())
    #expect(count.load(ordering: .relaxed) == 1)
  }
}
