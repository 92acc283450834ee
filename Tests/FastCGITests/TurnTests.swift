import FastCGI
import Glibc
import Synchronization
import Testing

/// Does work in steps that the test releases, and records their order.
private final class Easel: Sendable {
  private let log = Mutex<[String]>([])
  private let permits = Atomic(0)

  var steps: [String] { log.withLock { $0 } }

  /// Releases that many more steps.
  func permit(_ count: Int) { permits.add(count, ordering: .releasing) }

  /// Waits; the suite's time limit applies.
  func await(_ count: Int) { while steps.count < count { usleep(1000) } }

  /// `/name?3` takes three steps, `/name` a single one.
  @Sendable func handle(_ request: Request) -> Reply {
    if request.path == "/at-once" { return .now(Response()) }
    guard let count = Int(request.query) else {
      return .rendered {
        self.begin(request.path)
        return Response(body: Array("1".utf8))
      }
    }
    return .rendered(Work(inSteps: { self.step(request.path, 1, of: count) }))
  }

  private func step(_ name: String, _ number: Int, of count: Int) -> Work.Step {
    begin(name)
    return number == count ? .finished(Response(body: Array("\(count)".utf8))) : .unfinished { self.step(name, number + 1, of: count) }
  }

  private func begin(_ name: String) {
    log.withLock { $0.append(name) }
    while true {
      let left = permits.load(ordering: .acquiring)
      if left > 0, permits.compareExchange(expected: left, desired: left - 1, ordering: .acquiringAndReleasing).exchanged { return }
      usleep(500)
    }
  }
}

@Suite(.timeLimit(.minutes(5))) struct TurnTests {
  @Test func `a job of one step waits for at most one step of a longer job`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    let (long, short) = (Client(server), Client(server))
    long.send("GET", "/long?10")
    easel.await(1)
    short.send("GET", "/short")
    // The loop reads requests in order, and answers this one at once.
    usleep(50_000)
    easel.permit(11)
    #expect(short.receive()?.text == "1")
    #expect(long.receive()?.text == "10")
    #expect(easel.steps == ["/long", "/short"] + [String](repeating: "/long", count: 9))
  }

  @Test func `two long jobs take turns, and a third begins when one has ended`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    let clients = ["/a?3", "/b?3", "/c?2"].map { path in
      let client = Client(server)
      client.send("GET", path)
      usleep(50_000)
      return client
    }
    easel.permit(8)
    #expect(clients.map { $0.receive()?.text } == ["3", "3", "2"])
    #expect(Array(easel.steps.prefix(5)) == ["/a", "/b", "/a", "/b", "/a"])
    #expect(easel.steps.sorted() == ["/a", "/a", "/a", "/b", "/b", "/b", "/c", "/c"])
  }

  @Test func `a job of one step overtakes long jobs that may not begin yet`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    let clients = ["/a?4", "/b?4", "/c?4", "/short"].map { path in
      let client = Client(server)
      client.send("GET", path)
      usleep(50_000)
      return client
    }
    easel.permit(13)
    #expect(clients.map { $0.receive()?.text } == ["4", "4", "4", "1"])
    #expect(easel.steps.firstIndex(of: "/short")! < easel.steps.firstIndex(of: "/c")!)
  }

  @Test func `no step runs for a client that has left`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    var leaving: Client? = Client(server)
    leaving!.send("GET", "/left?1000")
    easel.await(1)
    leaving = nil
    usleep(50_000)
    easel.permit(2)
    let client = Client(server)
    client.send("GET", "/stayed")
    #expect(client.receive() != nil)
    #expect(easel.steps.count { $0 == "/left" } == 1)
  }

  @Test func `clients that leave during a job do not keep others from beginning`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    let witness = Client(server)
    for round in 0..<6 {
      do {
        let client = Client(server)
        client.send("GET", "/left?1000")
        easel.await(round + 1)
        withExtendedLifetime(client) {}
      }
      // The loop takes events in their order: when it answers this, it has seen that the other client left.
      witness.send("GET", "/at-once")
      #expect(witness.receive() != nil)
      if round < 5 { easel.permit(1) }
    }
    let stayed = Client(server)
    stayed.send("GET", "/stayed?2")
    easel.permit(100)
    #expect(stayed.receive()?.text == "2")
  }

  @Test func `a response is finished once, when the last step has made it`() throws {
    let easel = Easel()
    easel.permit(3)
    let server = Server { request in
      var reply = easel.handle(request)
      reply.finish = { $0.body += Array("!".utf8) }
      return reply
    }
    let client = Client(server)
    client.send("GET", "/long?3")
    #expect(client.receive()?.text == "3!")
    #expect(easel.steps.count == 3)
  }

  @Test func `suspended work frees the renderer, and continues when it is resumed`() throws {
    let resume = Mutex<(@Sendable (Work.Step) -> Void)?>(nil)
    let server = Server { request in
      guard request.path == "/suspended" else { return .rendered { Response(body: Array("other".utf8)) } }
      return .rendered(Work(inOneStep: { .suspended { next in resume.withLock { $0 = next } } }))
    }
    let (suspended, other) = (Client(server), Client(server))
    suspended.send("GET", "/suspended")
    while resume.withLock({ $0 == nil }) { usleep(500) }
    other.send("GET", "/other")
    #expect(other.receive()?.text == "other")
    resume.withLock { $0 }?(.unfinished { .finished(Response(body: Array("resumed".utf8))) })
    #expect(suspended.receive()?.text == "resumed")
  }

  @Test func `suspended work whose client has left ends with its step`() throws {
    let resume = Mutex<(@Sendable (Work.Step) -> Void)?>(nil)
    let began = Atomic(0)
    let server = Server { request in
      guard request.path == "/suspended" else { return .rendered { Response(body: Array("other".utf8)) } }
      return .rendered(Work(inSteps: { .suspended { next in resume.withLock { $0 = next } } }))
    }
    do {
      let left = Client(server)
      left.send("GET", "/suspended")
      while resume.withLock({ $0 == nil }) { usleep(500) }
    }
    // The response shows that the loop has noticed the other client's departure.
    let other = Client(server)
    other.send("GET", "/other")
    #expect(other.receive() != nil)
    resume.withLock { $0 }?(
      .unfinished {
        began.add(1, ordering: .relaxed)
        return .finished(Response())
      })
    other.send("GET", "/other")
    #expect(other.receive() != nil)
    #expect(began.load(ordering: .relaxed) == 0)
  }

  @Test func `a stop waits for all steps`() throws {
    let easel = Easel()
    let server = Server(handler: easel.handle)
    let client = Client(server)
    client.send("GET", "/long?3")
    easel.await(1)
    server.stop()
    easel.permit(3)
    #expect(client.receive()?.text == "3")
    #expect(server.ends())
  }
}
