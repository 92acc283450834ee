import FastCGI
import Glibc
import Synchronization
import Testing

/// Answers every request later, and remembers when it did the work.
private final class Studio: Sendable {
  private let begun = Mutex<[(path: String, instant: ContinuousClock.Instant)]>([])
  private let held: Int

  /// - Parameter held: bytes of each answer.
  init(answersOf held: Int = 1) { self.held = held }

  var order: [String] { begun.withLock { $0.map(\.path) } }
  var instants: [ContinuousClock.Instant] { begun.withLock { $0.map(\.instant) } }

  /// `/name?due`, in milliseconds from now.
  @Sendable func handle(_ request: Request) -> Reply {
    .rendered(due: request.arrival + .milliseconds(Int(request.query)!)) {
      self.begun.withLock { $0.append((request.path, .now)) }
      return Response(body: [UInt8](repeating: 1, count: self.held))
    }
  }
}

/// Work that may begin so long before it is due, and must begin in time.
private func limits(mostLead: Duration, leastLead: Duration = .zero) -> EventLoopLimits {
  var limits = EventLoopLimits()
  (limits.mostLead, limits.leastLead) = (mostLead, leastLead)
  return limits
}

@Suite(.timeLimit(.minutes(1))) struct ScheduleTests {
  @Test func `work is not begun before its time, nor its answer sent before it is due`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .milliseconds(100)), handler: studio.handle)
    let client = Client(server)
    let before = ContinuousClock.now
    client.send("GET", "/a?300")
    #expect(client.receive() != nil)
    #expect(studio.instants[0] - before >= .milliseconds(200))
    #expect(ContinuousClock.now - before >= .milliseconds(300))
  }

  @Test func `while the renderer has capacity, work is begun as early as it may`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .seconds(60)), handler: studio.handle)
    let clients = (0..<20).map { _ in Client(server) }
    let before = ContinuousClock.now
    for client in clients { client.send("GET", "/a?4000") }
    for client in clients { #expect(client.receive() != nil) }
    #expect(studio.instants.allSatisfy { $0 - before < .milliseconds(3900) })
  }

  @Test func `the most urgent work comes first, whenever it was asked for`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .zero), handler: studio.handle)
    let clients = [("/c", 4000), ("/a", 2000), ("/b", 3000)].map { path, milliseconds in
      let client = Client(server)
      client.send("GET", "\(path)?\(milliseconds)")
      return client
    }
    for client in clients { #expect(client.receive() != nil) }
    #expect(studio.order == ["/a", "/b", "/c"])
  }

  @Test func `what lies finished is bounded, and what must be begun is begun all the same`() throws {
    let studio = Studio(answersOf: 1000)
    var limits = limits(mostLead: .seconds(60))
    limits.heldBytes = 3000
    let server = Server(limits: limits, handler: studio.handle)
    let clients = (0..<50).map { _ in Client(server) }
    // What must be begun is so much later than what may that a busy machine has come to rest in between.
    for client in clients { client.send("GET", "/a?5000") }
    usleep(400_000)
    // Three fill the allowance; some more were with the renderer when they did.
    #expect((3...8).contains(studio.order.count))
    for client in clients { #expect(client.receive()?.body.count == 1000) }
    #expect(studio.order.count == 50)
  }

  @Test func `work for a client that left is never begun`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .zero), handler: studio.handle)
    for _ in 0..<20 { Client(server).send("GET", "/left?3000") }
    let client = Client(server)
    client.send("GET", "/stayed?4000")
    #expect(client.receive() != nil)
    #expect(studio.order == ["/stayed"])
  }

  @Test func `clients that come and leave without end leave nothing behind`() throws {
    let studio = Studio()
    var limits = limits(mostLead: .zero)
    limits.connections = 16
    let server = Server(limits: limits, handler: studio.handle)
    for _ in 0..<500 {
      let client = Client(server)
      client.send("GET", "/left?600000")
    }
    let client = Client(server)
    client.send("GET", "/stayed?0")
    #expect(client.receive() != nil)
    #expect(studio.order == ["/stayed"])
  }
}
