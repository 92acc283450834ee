import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// Delays every response, and records when it did the work.
private final class Studio: Sendable {
  private let begun = Mutex<[(path: String, instant: Instant)]>([])
  private let held: Int

  /// - Parameter held: bytes of each response.
  init(answersOf held: Int = 1) { self.held = held }

  var order: [String] { begun.withLock { $0.map(\.path) } }
  var instants: [Instant] { begun.withLock { $0.map(\.instant) } }

  /// `/name?due`, in milliseconds from now.
  @Sendable func handle(_ request: Request) -> Reply {
    .rendered(due: request.arrival + .milliseconds(Int(request.query)!)) {
      self.begun.withLock { $0.append((request.path, .now)) }
      return Response(body: [UInt8](repeating: 1, count: self.held))
    }
  }
}

/// Work may begin `mostLead` before it is due, and must begin `leastLead` before.
private func limits(mostLead: Duration, leastLead: Duration = .zero) -> EventLoopLimits {
  var limits = EventLoopLimits()
  (limits.mostLead, limits.leastLead) = (mostLead, leastLead)
  return limits
}

@Suite(.timeLimit(.minutes(5))) struct ScheduleTests {
  @Test func `work does not begin before its window, and its response is not sent before it is due`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .milliseconds(100)), handler: studio.handle)
    let client = Client(server)
    let before = Instant.now
    client.send("GET", "/a?300")
    #expect(client.receive() != nil)
    #expect(studio.instants[0] - before >= .milliseconds(200))
    #expect(Instant.now - before >= .milliseconds(300))
  }

  @Test func `work begins as early as allowed while the renderer has capacity`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .seconds(60)), handler: studio.handle)
    let clients = (0..<20).map { _ in Client(server) }
    let before = Instant.now
    for client in clients { client.send("GET", "/a?4000") }
    for client in clients { #expect(client.receive() != nil) }
    #expect(studio.instants.allSatisfy { $0 - before < .milliseconds(3900) })
  }

  @Test func `the most urgent work comes first, regardless of the order of arrival`() throws {
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

  @Test func `finished responses are bounded, but urgent work begins regardless`() throws {
    let studio = Studio(answersOf: 1000)
    var limits = limits(mostLead: .seconds(60))
    limits.heldBytes = 3000
    let server = Server(limits: limits, handler: studio.handle)
    let clients = (0..<50).map { _ in Client(server) }
    // The latest start of the work is so much later than the earliest that even a busy machine settles in between.
    for client in clients { client.send("GET", "/a?5000") }
    usleep(400_000)
    // Three fill the limit; a few more were already with the renderer.
    #expect((3...8).contains(studio.order.count))
    for client in clients { #expect(client.receive()?.body.count == 1000) }
    #expect(studio.order.count == 50)
  }

  @Test func `work for a client that has left never begins`() throws {
    let studio = Studio()
    let server = Server(limits: limits(mostLead: .zero), handler: studio.handle)
    for _ in 0..<20 { Client(server).send("GET", "/left?3000") }
    let client = Client(server)
    client.send("GET", "/stayed?4000")
    #expect(client.receive() != nil)
    #expect(studio.order == ["/stayed"])
  }

  @Test func `an endless series of clients that leave does not leak memory`() throws {
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
