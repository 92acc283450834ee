import Dispatch
import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// Echoes the request; some paths have a behaviour of their own.
@Sendable private func echo(_ request: Request) -> Reply {
  switch request.path {
  case "/slow":
    return .rendered {
      usleep(200_000)
      return Response(body: Array("slow".utf8))
    }
  case "/due":
    var response = Response(body: Array("due".utf8))
    response.due = .now + .milliseconds(150)
    return .now(response)
  case "/awaited": return .pending(awaited(until: .now + .milliseconds(60)))
  case "/parts": return .rendered { part(1) }
  case "/never":
    var response = Response(body: Array("never".utf8))
    response.due = .now + .seconds(600)
    return .now(response)
  case "/scheduled":
    return .rendered(due: .now + .milliseconds(Int(request.query)!)) { Response(body: Array("scheduled".utf8)) }
  case "/broken":
    var response = Response(body: Array("half of it".utf8))
    response.delivery = .truncated(after: 5)
    return .now(response)
  case "/throttled":
    var response = Response(body: Array("0123456789".utf8))
    response.delivery = .throttled(pieces: 4, pause: .milliseconds(50))
    return .now(response)
  case "/large-throttled":
    var response = Response(body: largeBody)
    response.delivery = .throttled(pieces: 2, pause: .seconds(1))
    return .now(response)
  case "/large": return .now(Response(body: largeBody))
  default:
    let body =
      switch request.body {
      case .whole(let bytes): "\(bytes.count) bytes, sum \(bytes.reduce(0) { $0 &+ Int($1) })"
      case let other: "\(other)"
      }
    return .now(Response(body: Array("\(request.method) \(request.path) ?\(request.query) \(body)".utf8)))
  }
}

/// A reply that is polled; "in vain" is the response if it times out.
private func awaited(until end: Instant, _ isThere: @escaping @Sendable () -> Bool = { false }) -> PendingReply {
  PendingReply(
    every: .milliseconds(5), until: end, check: { isThere() ? Response(body: Array("there".utf8)) : nil },
    onTimeout: { .respond(Response(body: Array("in vain".utf8))) })
}

/// `1 2 3 4 5 `, the third part large and from another thread, the fourth late.
@Sendable private func part(_ number: Int) -> Response {
  var response = Response(headers: [("X-Part", "\(number)")], body: Array("\(number) ".utf8) + (number == 3 ? largeBody : []))
  if number == 4 { response.due = .now + .milliseconds(100) }
  if number < 5 { response.continuation = Work { part(number + 1) } }
  if number == 2 {
    response.continuation = Work(inOneStep: {
      .suspended { resume in DispatchQueue.global().async { resume(.unfinished { .finished(part(3)) }) } }
    })
  }
  return response
}

/// Compared outside of `#expect`, which takes seconds with that many elements.
private let largeBody = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

/// Blocks the renderer until the test opens it.
private final class Gate: Sendable {
  private let isOpen = Atomic(false)

  private let requests = Atomic(0)

  /// Waits until that many gated responses have been requested.
  func awaitRequests(_ count: Int) {
    while requests.load(ordering: .acquiring) < count { usleep(1000) }
  }

  func open() { isOpen.store(true, ordering: .releasing) }

  /// Answers `/gated` and `/awaited-gate` when the gate is open, and other paths at once.
  @Sendable func handle(_ request: Request) -> Reply {
    if request.path == "/awaited-gate" {
      return .pending(awaited(until: .now + .seconds(60)) { self.isOpen.load(ordering: .acquiring) })
    }
    guard request.path == "/gated" else { return echo(request) }
    requests.add(1, ordering: .releasing)
    return .rendered {
      while !self.isOpen.load(ordering: .acquiring) { usleep(1000) }
      return Response(body: Array("gated".utf8))
    }
  }
}

/// Records what a loop reports about itself.
private final class Watch: Sendable {
  private let moved = Atomic(false)
  private let stopped = Atomic(0)

  var hasMoved: Bool { moved.load(ordering: .acquiring) }
  var stops: Int { stopped.load(ordering: .acquiring) }

  @Sendable func observe(_ loop: EventLoop) {
    loop.onStop = { self.stopped.add(1, ordering: .releasing) }
    loop.every(.milliseconds(20)) { [unowned loop] in self.moved.store(loop.rendererHasMoved(), ordering: .releasing) }
  }

  /// Waits; the suite's time limit applies.
  func await(_ condition: (Watch) -> Bool) { while !condition(self) { usleep(1000) } }
}

@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  @Test func `a request is parsed and its answer framed`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("GET", "/a/b?c=d")
    let answer = try #require(client.receive())
    #expect(answer.head == "Status: 200 OK")
    #expect(answer.text == "GET /a/b ?c=d 0 bytes, sum 0")
  }

  @Test func `a connection is kept for request after request, bodies of any size between them`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    for size in [0, 1, 8191, 8192, 8193, 65_535, 1_000_000, 0, 7] {
      client.send("POST", "/", body: [UInt8](repeating: 1, count: size))
      let answer = try #require(client.receive())
      #expect(answer.text == "POST / ? \(size) bytes, sum \(size)")
    }
  }

  @Test func `a connection that is not to be kept is closed after its answer`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("GET", "/", keeping: false)
    #expect(client.receive() != nil)
    #expect(client.isClosed())
  }

  @Test(arguments: [(10, 11), (11, 10), (0, 1), (100_000, 100_001)])
  func `a body whose length differs from the announced one is never whole`(sent: Int, announced: Int) throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("POST", "/", body: [UInt8](repeating: 1, count: sent), announced: announced)
    let answer = try #require(client.receive())
    #expect(answer.text == "POST / ? incomplete(received: \(min(sent, announced)), announced: \(announced))")
  }

  @Test func `a body larger than the limit is drained, and the connection stays usable`() throws {
    var limits = EventLoopLimits()
    limits.bodyBytes = 1000
    let server = Server(limits: limits, handler: echo)
    let client = Client(server)
    client.send("POST", "/", body: [UInt8](repeating: 1, count: 100_000))
    #expect(client.receive()?.text == "POST / ? tooLarge(announced: 100000, limit: 1000)")
    client.send("GET", "/next")
    #expect(client.receive()?.text == "GET /next ? 0 bytes, sum 0")
  }

  @Test func `an answer of many records and more than a socket's buffer arrives whole`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("GET", "/large")
    usleep(50_000)
    let isWhole = client.receive()?.body == largeBody
    #expect(isWhole)
  }

  @Test func `rendering does not delay other requests`() throws {
    let gate = Gate()
    let server = Server(handler: gate.handle)
    let drawing = Client(server)
    let reading = Client(server)
    drawing.send("GET", "/gated")
    for _ in 0..<20 {
      reading.send("GET", "/")
      #expect(reading.receive() != nil)
    }
    gate.open()
    #expect(drawing.receive()?.text == "gated")
  }

  @Test func `the renderer's thread is prepared before its first job`() throws {
    let prepared = Atomic<UInt>(0)
    let server = Server(prepare: { $0.prepareRenderer = { prepared.store(pthread_self(), ordering: .relaxed) } }) { _ in
      .rendered { Response(body: Array(String(pthread_self() == prepared.load(ordering: .relaxed)).utf8)) }
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive()?.text == "true")
  }

  @Test func `a delayed response arrives when it is due and does not delay others`() throws {
    let server = Server(handler: echo)
    let patient = Client(server)
    let other = Client(server)
    let before = Instant.now
    patient.send("GET", "/due")
    other.send("GET", "/")
    #expect(other.receive() != nil)
    #expect(patient.receive()?.text == "due")
    #expect(Instant.now - before >= .milliseconds(150))
  }

  @Test func `a pending reply is sent when it is completed and does not delay others`() throws {
    let gate = Gate()
    let server = Server(handler: gate.handle)
    let patient = Client(server)
    let other = Client(server)
    patient.send("GET", "/awaited-gate")
    other.send("GET", "/")
    #expect(other.receive() != nil)
    gate.open()
    #expect(patient.receive()?.text == "there")
    // The connection is back in its normal state.
    patient.send("GET", "/")
    #expect(patient.receive() != nil)
  }

  @Test func `a pending reply times out at its deadline or when the loop stops`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("GET", "/awaited")
    #expect(client.receive()?.text == "in vain")
    let gate = Gate()
    let stopping = Server(handler: gate.handle)
    let waiting = Client(stopping)
    waiting.send("GET", "/awaited-gate")
    let witness = Client(stopping)
    witness.send("GET", "/")
    #expect(witness.receive() != nil)
    stopping.stop()
    #expect(waiting.receive()?.text == "in vain")
    #expect(stopping.ends())
  }

  @Test func `a client that leaves while it waits does not affect others`() throws {
    let server = Server(handler: Gate().handle)
    for _ in 0..<3 { Client(server).send("GET", "/awaited-gate") }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive() != nil)
    server.stop()
    #expect(server.ends())
  }

  @Test func `a response in parts has one head, and the connection stays usable`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    for _ in 0..<2 {
      client.send("GET", "/parts")
      let answer = try #require(client.receive())
      #expect(answer.head == "Status: 200 OK\r\nX-Part: 1")
      let isWhole = answer.body == Array("1 2 3 ".utf8) + largeBody + Array("4 5 ".utf8)
      #expect(isWhole)
    }
  }

  @Test func `a response in parts ends when its client leaves`() throws {
    let drawn = Atomic(0)
    @Sendable func endless() -> Response {
      drawn.add(1, ordering: .relaxed)
      var response = Response(body: [1])
      response.due = .now + .milliseconds(1)
      response.continuation = Work(endless)
      return response
    }
    let server = Server { request in request.path == "/endless" ? .rendered(endless) : echo(request) }
    Client(server).send("GET", "/endless")
    let other = Client(server)
    var (before, after) = (-1, 0)
    for _ in 0..<1000 where before != after {
      usleep(20_000)
      (before, after) = (after, drawn.load(ordering: .relaxed))
    }
    #expect(before == after)
    other.send("GET", "/parts")
    #expect(other.receive() != nil)
  }

  @Test func `idle connections do not starve others`() throws {
    let server = Server(handler: echo)
    let idle = (0..<100).map { _ in Client(server) }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive() != nil)
    for kept in idle {
      kept.send("GET", "/")
      #expect(kept.receive() != nil)
    }
  }

  @Test func `a client that leaves during rendering does not affect others`() throws {
    let server = Server(handler: echo)
    for _ in 0..<3 { Client(server).send("GET", "/slow") }
    let client = Client(server)
    client.send("GET", "/slow")
    #expect(client.receive()?.text == "slow")
  }

  @Test(arguments: [[], [0], Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0xff, count: 100)] as [[UInt8]])
  func `a connection with another protocol is closed, and the loop keeps running`(bytes: [UInt8]) throws {
    let server = Server(handler: echo)
    do {
      let stranger = Client(server)
      stranger.write(bytes)
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive() != nil)
  }

  @Test func `a full queue of jobs is answered at once`() throws {
    var limits = EventLoopLimits()
    limits.waitingForRenderer = 1
    let gate = Gate()
    let server = Server(limits: limits, handler: gate.handle)
    let clients = (0..<4).map { _ in Client(server) }
    for client in clients { client.send("GET", "/gated") }
    gate.awaitRequests(4)
    // A response after that shows that the loop has handled the fourth too.
    let witness = Client(server)
    witness.send("GET", "/")
    #expect(witness.receive() != nil)
    gate.open()
    let answers = clients.compactMap { $0.receive() }
    // Either one job was running and one waited, or one waited and none had begun.
    #expect([1, 2].contains(answers.count { $0.text == "gated" }))
    #expect([2, 3].contains(answers.count { $0.head == "Status: 503 Service Unavailable" }))
    #expect(answers.count == 4)
  }

  @Test func `a stop lets what is in flight finish and closes what is idle`() throws {
    let server = Server(handler: echo)
    let idle = Client(server)
    let busy = Client(server)
    let due = Client(server)
    busy.send("GET", "/slow")
    due.send("GET", "/due")
    idle.send("GET", "/")
    #expect(idle.receive() != nil)
    server.stop()
    #expect(busy.receive()?.text == "slow")
    #expect(due.receive()?.text == "due")
    #expect(idle.isClosed())
    #expect(server.ends())
  }

  @Test func `a stalled renderer is detected until it makes progress again`() throws {
    let gate = Gate()
    let watch = Watch()
    let server = Server(prepare: watch.observe, handler: gate.handle)
    let client = Client(server)
    watch.await { $0.hasMoved }  // Without a job, it has not failed to move.
    client.send("GET", "/gated")
    watch.await { !$0.hasMoved }
    gate.open()
    #expect(client.receive()?.text == "gated")
    watch.await { $0.hasMoved }
  }

  @Test func `a stop is reported once, when it begins`() throws {
    let watch = Watch()
    let server = Server(prepare: watch.observe, handler: echo)
    let client = Client(server)
    client.send("GET", "/slow")
    #expect(watch.stops == 0)
    server.stop()
    watch.await { $0.stops > 0 }
    #expect(server.ends())
    #expect(watch.stops == 1)
  }

  @Test func `a stop at once refuses requests that are due too late`() throws {
    var limits = EventLoopLimits()
    limits.drainTime = .seconds(5)
    let server = Server(limits: limits, handler: echo)
    let (due, scheduled) = (Client(server), Client(server))
    due.send("GET", "/never")
    scheduled.send("GET", "/scheduled?600000")
    usleep(50_000)
    server.stop()
    #expect(due.receive()?.head == "Status: 503 Service Unavailable")
    #expect(scheduled.receive()?.head == "Status: 503 Service Unavailable")
    #expect(server.ends())
  }

  @Test func `closing refuses requests that are due too late and serves the others`() throws {
    var limits = EventLoopLimits()
    limits.closingTime = .seconds(60)
    let server = Server(limits: limits, handler: echo)
    let (due, scheduled, timely) = (Client(server), Client(server), Client(server))
    due.send("GET", "/never")
    scheduled.send("GET", "/scheduled?600000")
    timely.send("GET", "/scheduled?1500")
    usleep(50_000)
    server.beginClosing()
    for refused in [due, scheduled] { #expect(refused.receive()?.head == "Status: 503 Service Unavailable") }
    #expect(timely.receive()?.head.hasPrefix("Status: 200") == true)
    let late = Client(server)
    for path in ["/scheduled?600000", "/never"] {
      late.send("GET", path)
      #expect(late.receive()?.head == "Status: 503 Service Unavailable")
    }
    late.send("GET", "/")
    #expect(late.receive() != nil)
    server.stop()
    #expect(server.ends())
  }

  @Test func `closing ends all pending replies`() throws {
    let server = Server(handler: Gate().handle)
    let waiting = Client(server)
    waiting.send("GET", "/awaited-gate")
    server.beginClosing()
    #expect(waiting.receive()?.text == "in vain")
    waiting.send("GET", "/awaited-gate")
    #expect(waiting.receive()?.text == "in vain")
  }

  @Test func `a truncated response closes its connection`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    client.send("GET", "/broken")
    #expect(client.receive() == nil)
    #expect(client.isClosed())
    #expect(client.output.hasSuffix("\r\n\r\nhalf "))
  }

  @Test func `a throttled response arrives complete, piece by piece`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    let other = Client(server)
    let before = Instant.now
    client.send("GET", "/throttled")
    other.send("GET", "/")
    #expect(other.receive() != nil)
    #expect(client.receive()?.text == "0123456789")
    #expect(Instant.now - before >= .milliseconds(150))
    client.send("GET", "/")
    #expect(client.receive() != nil)
  }

  @Test func `a large response is throttled in no more pieces than a small one`() throws {
    let server = Server(handler: echo)
    let client = Client(server)
    let before = Instant.now
    client.send("GET", "/large-throttled")
    let isWhole = client.receive()?.body == largeBody
    #expect(isWhole)
    #expect(Instant.now - before >= .seconds(1))
    // Not the total time: without optimisation, the client accounts for most of it.
    #expect(client.waits < 5, "\(client.waits) pauses, where each of its records would make \(largeBody.count / 65528)")
  }

  @Test func `setting a header replaces others of that name`() {
    var response = Response(headers: [("X-Echo", "a"), ("X-Other", "b"), ("x-echo", "c")])
    response.set("X-ECHO", "d")
    #expect(response.headers.map(\.name) == ["X-Other", "X-ECHO"])
    #expect(response.header("X-Echo") == "d")
  }

  @Test func `a header's value cannot begin another header`() {
    let response = Response(headers: [("X-Echo", "a\r\nSet-Cookie: b\0")])
    #expect(response.header("X-Echo") == "a??Set-Cookie: b?")
  }
}
