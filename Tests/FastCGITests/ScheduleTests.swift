import FastCGI
import Glibc
import Synchronization
import Testing

/// Answers every request later, and remembers in which order it did the work.
private final class Studio: Sendable {
  private let begun = Mutex<[String]>([])
  private let held: Int

  /// - Parameter held: bytes of each answer.
  init(answersOf held: Int = 1) { self.held = held }

  var order: [String] { begun.withLock { $0 } }

  /// `/name?from,to,due`, in milliseconds from now; without due, the answer is sent when it is ready.
  @Sendable func handle(_ request: Request) -> Reply {
    let times = request.query.split(separator: ",").compactMap { Int($0) }.map { request.arrival + .milliseconds($0) }
    return .scheduled(times[0]...times[1]) {
      self.begun.withLock { $0.append(request.path) }
      var response = Response(body: [UInt8](repeating: 1, count: self.held))
      if times.count > 2 { response.due = times[2] }
      return response
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct ScheduleTests {
  @Test func `work is not begun before its time`() throws {
    let studio = Studio()
    let server = Server(handler: studio.handle)
    let client = Client(server)
    let before = ContinuousClock.now
    client.send("GET", "/a?150,160")
    #expect(client.receive() != nil)
    #expect(ContinuousClock.now - before >= .milliseconds(150))
  }

  @Test func `while there is leisure, work is begun as early as it may`() throws {
    let studio = Studio()
    let server = Server(handler: studio.handle)
    let clients = (0..<20).map { _ in Client(server) }
    for client in clients { client.send("GET", "/a?0,60000") }
    for client in clients { #expect(client.receive() != nil) }
  }

  @Test func `the most urgent work comes first, whenever it was asked for`() throws {
    let studio = Studio()
    let server = Server(handler: studio.handle)
    let clients = [("/c", 4000), ("/a", 2000), ("/b", 3000)].map { path, milliseconds in
      let client = Client(server)
      client.send("GET", "\(path)?\(milliseconds),\(milliseconds)")
      return client
    }
    for client in clients { #expect(client.receive() != nil) }
    #expect(studio.order == ["/a", "/b", "/c"])
  }

  @Test func `what lies finished is bounded, and what must be begun is begun all the same`() throws {
    let studio = Studio(answersOf: 1000)
    var limits = EventLoopLimits()
    limits.heldBytes = 3000
    let server = Server(limits: limits, handler: studio.handle)
    let clients = (0..<50).map { _ in Client(server) }
    // What must be begun is so much later than what may that a busy machine has come to rest in between.
    for client in clients { client.send("GET", "/a?0,5000,5000") }
    usleep(400_000)
    // Three fill the allowance; some more were with the renderer when they did.
    #expect((3...8).contains(studio.order.count))
    for client in clients { #expect(client.receive()?.body.count == 1000) }
    #expect(studio.order.count == 50)
  }

  @Test func `work for a client that left is never begun`() throws {
    let studio = Studio()
    let server = Server(handler: studio.handle)
    for _ in 0..<20 { Client(server).send("GET", "/left?3000,3000") }
    let client = Client(server)
    client.send("GET", "/stayed?4000,4000")
    #expect(client.receive() != nil)
    #expect(studio.order == ["/stayed"])
  }

  @Test func `clients that come and leave without end leave nothing behind`() throws {
    let studio = Studio()
    var limits = EventLoopLimits()
    limits.connections = 16
    let server = Server(limits: limits, handler: studio.handle)
    for _ in 0..<500 {
      let client = Client(server)
      client.send("GET", "/left?600000,600000")
    }
    let client = Client(server)
    client.send("GET", "/stayed?0,0")
    #expect(client.receive() != nil)
    #expect(studio.order == ["/stayed"])
  }
}
