import FastCGI
import Glibc
import Synchronization
import Testing

/// Responses that go on until the client leaves.
@Suite(.timeLimit(.minutes(5))) struct OpenStreamTests {
  /// `/stream` streams what ``tell(_:)`` is given, `/full` never stops having more, `/render` occupies the renderer until the gate is open.
  private final class Handler: Sendable {
    private let news = Mutex<[String]>([])
    let isOver = Atomic(false)
    let isOpen = Atomic(false)
    let asked = Atomic(0)

    func tell(_ text: String) { news.withLock { $0.append(text) } }

    @Sendable func handle(_ request: Request) -> Reply {
      switch request.path {
      case "/stream": return .now(stream(next))
      case "/full": return .now(stream { .bytes([UInt8](repeating: 120, count: 50_000), hasMore: true) })
      case "/render":
        return .rendered {
          while !self.isOpen.load(ordering: .acquiring) { usleep(1000) }
          return Response(body: Array("drawn".utf8))
        }
      default: return .now(Response(body: Array("now".utf8)))
      }
    }

    private func stream(_ news: @escaping @Sendable () -> OpenStream.News) -> Response {
      var response = Response(body: Array("begin ".utf8))
      response.stream = OpenStream(news: news) { Response(status: 503, body: Array("too many".utf8)) }
      return response
    }

    @Sendable private func next() -> OpenStream.News {
      asked.add(1, ordering: .releasing)
      if isOver.load(ordering: .acquiring) { return .end }
      return news.withLock { news in
        guard !news.isEmpty else { return .none }
        return .bytes(Array(news.removeFirst().utf8), hasMore: !news.isEmpty)
      }
    }
  }

  private static let quick = {
    var limits = EventLoopLimits()
    limits.streamInterval = .milliseconds(5)
    return limits
  }()

  @Test func `a stream shows what comes, in its order, and ends when its source says so`() throws {
    let handler = Handler()
    let server = Server(limits: Self.quick, handler: handler.handle)
    let client = Client(server)
    client.send("GET", "/stream")
    #expect(client.receiveText(until: "begin ") == "Status: 200 OK\r\n\r\nbegin ")
    for word in ["one ", "two ", "three "] { handler.tell(word) }
    #expect(client.receiveText(until: "three ") == "one two three ")
    handler.tell("four ")
    #expect(client.receiveText(until: "four ") == "four ")
    handler.isOver.store(true, ordering: .releasing)
    #expect(client.receiveText(until: nil) == "" && client.hasEnded, "the end of the request")
    #expect(client.isClosed(), "its send buffer is small")
  }

  @Test func `the renderer that is busy delays no stream, and a stream no request`() throws {
    let handler = Handler()
    defer { handler.isOpen.store(true, ordering: .releasing) }
    let server = Server(limits: Self.quick, handler: handler.handle)
    let (stream, drawn, other) = (Client(server), Client(server), Client(server))
    drawn.send("GET", "/render")
    stream.send("GET", "/stream")
    handler.tell("news ")
    #expect(stream.receiveText(until: "news ").hasSuffix("begin news "))
    other.send("GET", "/")
    #expect(other.receive()?.text == "now")
    handler.isOpen.store(true, ordering: .releasing)
    #expect(drawn.receive()?.text == "drawn")
  }

  @Test func `a source is not asked before its client has taken everything`() throws {
    let count = Atomic(0)
    let server = Server(limits: Self.quick) { _ in
      var response = Response()
      response.stream = OpenStream {
        count.add(1, ordering: .relaxed)
        return .bytes([UInt8](repeating: 120, count: 1 << 20))
      } refusal: {
        Response(status: 503)
      }
      return .now(response)
    }
    let client = Client(server)
    client.send("GET", "/")
    _ = client.receiveText(until: "\r\n\r\n")
    // Many ticks, seen by another stream.
    let other = Client(server)
    other.send("GET", "/")
    var received = 0
    while received < 8 << 20 { received += other.receiveText(until: "").utf8.count }
    #expect(count.load(ordering: .relaxed) <= 2 + 8 + 1)
  }

  @Test(arguments: [true, false]) func `a client that takes nothing is cut off, others are not`(_ isFull: Bool) throws {
    let handler = Handler()
    var limits = Self.quick
    limits.streamPatience = .milliseconds(200)
    let server = Server(limits: limits, handler: handler.handle)
    let (slow, other) = (Client(server), Client(server))
    slow.send("GET", isFull ? "/full" : "/stream")
    other.send("GET", "/stream")
    let begin = handler.asked.load(ordering: .acquiring)
    // Far longer than the patience, as the loop counts it.
    while handler.asked.load(ordering: .acquiring) < begin + 200 { usleep(1000) }
    handler.tell("news ")
    if isFull {
      #expect(other.receiveText(until: "news ").hasSuffix("begin news "))
      slow.drain()
      #expect(!slow.hasEnded && slow.isClosed(), "cut off in the middle")
    } else {
      // Nothing was there to be taken.
      handler.tell("more ")
      #expect((slow.receiveText(until: " ") + other.receiveText(until: " ")).contains("begin "))
    }
  }

  @Test func `as many streams are open as may be, and requests still find a connection`() throws {
    let handler = Handler()
    var limits = Self.quick
    (limits.connections, limits.streams) = (4, 2)
    let server = Server(limits: limits, handler: handler.handle)
    let streams = [Client(server), Client(server)]
    for stream in streams {
      stream.send("GET", "/stream")
      _ = stream.receiveText(until: "begin ")
    }
    let third = Client(server)
    third.send("GET", "/stream")
    let refusal = try #require(third.receive())
    #expect(refusal.head == "Status: 503 Service Unavailable" && refusal.text == "too many")
    third.send("GET", "/")
    #expect(third.receive()?.text == "now", "a refused stream leaves its connection in use")
    handler.isOver.store(true, ordering: .releasing)
    #expect(streams.allSatisfy { $0.receiveText(until: nil).isEmpty && $0.hasEnded })
    handler.isOver.store(false, ordering: .releasing)
    third.send("GET", "/stream")
    #expect(third.receiveText(until: "begin ").hasPrefix("Status: 200"))
  }

  @Test(arguments: [true, false]) func `a stop ends streams at once, and opens none`(_ isStop: Bool) throws {
    let handler = Handler()
    let server = Server(limits: Self.quick, handler: handler.handle)
    let clients = (0..<3).map { _ in Client(server) }
    for client in clients {
      client.send("GET", "/stream")
      _ = client.receiveText(until: "begin ")
    }
    let blocked = Client(server)
    blocked.send("GET", "/full")
    _ = blocked.receiveText(until: "xxx")
    if isStop { server.stop() } else { server.beginClosing() }
    for client in clients {
      #expect(client.receiveText(until: nil) == "" && client.hasEnded)
      #expect(client.isClosed())
    }
    blocked.drain()
    #expect(blocked.isClosed())
    if isStop { return #expect(server.ends()) }
    let late = Client(server)
    late.send("GET", "/stream")
    #expect(late.receive()?.text == "begin ", "a browser connects again, which it would not after an error")
  }

  @Test func `open streams are not in flight`() throws {
    let handler = Handler()
    let counts = Mutex<(inFlight: Int, deferred: Int, streams: Int)>((-1, -1, -1))
    let server = Server(
      limits: Self.quick,
      prepare: { loop in
        loop.every(.milliseconds(5)) { [unowned loop] in counts.withLock { $0 = (loop.inFlight, loop.deferred, loop.openStreams) } }
      }, handler: handler.handle)
    var client: Client? = Client(server)
    client?.send("GET", "/stream")
    _ = client?.receiveText(until: "begin ")
    while counts.withLock({ $0.streams }) != 1 { usleep(1000) }
    #expect(counts.withLock { ($0.inFlight, $0.deferred) } == (0, 0))
    client = nil
    while counts.withLock({ $0.streams }) != 0 { usleep(1000) }
    #expect(counts.withLock { $0.inFlight } == 0)
  }
}
