import FastCGI
import Glibc
import Synchronization
import SystemCalls
import Testing

/// Keeps the completions of its requests, for the test to call.
private final class Office: Sendable {
  private let completions = Mutex<[String: Completion]>([:])
  /// Path and status of each finished response.
  private let finished = Mutex<[String]>([])
  private let patience: Duration

  init(patience: Duration = .seconds(60)) { self.patience = patience }

  var log: [String] { finished.withLock { $0 } }

  @Sendable func handle(_ request: Request) -> Reply {
    var reply = Reply(.respond(Response(body: Array("at once".utf8))))
    if request.path.hasPrefix("/pending") {
      reply = .pending(
        PendingReply(until: .now + patience, onTimeout: { Response(status: 504) }) { completion in
          self.completions.withLock { $0[request.path] = completion }
        })
    } else if request.path == "/never" {
      reply = Reply(.respond(Response()), due: .now + .seconds(600))
    } else if request.path == "/slow" {
      reply = .rendered {
        usleep(300_000)
        return Response()
      }
    }
    reply.finish = { response in self.finished.withLock { $0.append("\(request.path) \(response.status)") } }
    return reply
  }

  /// Completes a request after its arrival, on a separate thread.
  func complete(_ path: String, _ text: String) {
    while completions.withLock({ $0[path] == nil }) { usleep(500) }
    completions.withLock { $0[path] }?(.respond(Response(body: Array(text.utf8))))
  }
}

/// The bytes that a watched descriptor delivered.
private final class Received: Sendable {
  private let kept = Mutex<[UInt8]>([])

  var bytes: [UInt8] { kept.withLock { $0 } }

  func append(_ byte: UInt8) { kept.withLock { $0.append(byte) } }
}

@Suite(.timeLimit(.minutes(5))) struct CompletionTests {
  @Test func `a reply is completed from any thread, once`() throws {
    let office = Office()
    let server = Server(handler: office.handle)
    let client = Client(server)
    client.send("GET", "/pending")
    office.complete("/pending", "done")
    office.complete("/pending", "done again")
    #expect(client.receive()?.text == "done")
    client.send("GET", "/")
    #expect(client.receive()?.text == "at once")
  }

  @Test func `a completion may come before the loop waits for it`() throws {
    let server = Server { _ in
      .pending(PendingReply(until: .now + .seconds(60), onTimeout: { Response(status: 504) }) { $0(.respond(Response(body: [65]))) })
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive()?.text == "A")
  }

  @Test func `a completion may ask for work`() throws {
    let server = Server { _ in
      .pending(
        PendingReply(until: .now + .seconds(60), onTimeout: { Response(status: 504) }) {
          $0(.render(Work { Response(body: Array("drawn".utf8)) }))
        })
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive()?.text == "drawn")
  }

  @Test func `a completion may bring a time and a function of its own, which replace those of the reply`() throws {
    let finished = Mutex<[String]>([])
    let server = Server { _ in
      let began = Instant.now
      let late = Reply(.respond(Response(body: [65])), due: began + .milliseconds(50)) { response in
        finished.withLock { $0.append("then \(Instant.now >= began + .milliseconds(50))") }
      }
      let pending = PendingReply(until: .now + .seconds(60), onTimeout: { Response(status: 504) }) { $0(late) }
      return Reply(.wait(pending)) { _ in finished.withLock { $0.append("first") } }
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive()?.text == "A")
    #expect(finished.withLock { $0 } == ["then true"])
  }

  @Test func `a reply that was polled in vain may wait for a completion`() throws {
    let server = Server { _ in
      .pending(
        PendingReply(every: .milliseconds(5), until: .now + .milliseconds(10), check: { nil }) {
          .wait(PendingReply(until: .now + .seconds(60), onTimeout: { Response(status: 504) }) { $0(.respond(Response(body: [65]))) })
        })
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive()?.text == "A")
  }

  @Test func `a completion after the deadline does not answer another request`() throws {
    let office = Office(patience: .milliseconds(20))
    let server = Server(handler: office.handle)
    let client = Client(server)
    client.send("GET", "/pending/late")
    #expect(client.receive()?.head.hasPrefix("Status: 504") == true)
    client.send("GET", "/slow")
    usleep(50_000)
    office.complete("/pending/late", "late")
    #expect(client.receive()?.text == "")
    client.send("GET", "/pending/next")
    office.complete("/pending/late", "late")
    #expect(client.receive()?.head.hasPrefix("Status: 504") == true)
  }

  @Test func `every response is finished once, refusals too, and a client that leaves counts as 499`() throws {
    let office = Office()
    var limits = EventLoopLimits()
    limits.drainTime = .seconds(20)
    let server = Server(limits: limits, handler: office.handle)
    let (client, refused) = (Client(server), Client(server))
    client.send("GET", "/")
    #expect(client.receive() != nil)
    do {
      let leaving = Client(server)
      leaving.send("GET", "/pending/left")
      while true {
        client.send("GET", "/")
        _ = client.receive()
        if office.log.count > 3 { break }
      }
    }
    while !office.log.contains("/pending/left 499") { usleep(1000) }
    refused.send("GET", "/never")
    usleep(50_000)
    server.stop()
    #expect(refused.receive()?.head.hasPrefix("Status: 503") == true)
    #expect(server.ends())
    #expect(office.log.count { $0 == "/pending/left 499" } == 1)
    #expect(office.log.count { $0 == "/never 503" } == 1)
    #expect(!office.log.contains("/never 200"))
  }

  @Test func `a watched descriptor calls its action until it is unwatched`() throws {
    let ends = UnsafeMutablePointer<CInt>.allocate(capacity: 2)
    defer { ends.deallocate() }
    #expect(pipe(ends) == 0)
    let (readEnd, writeEnd) = (ends[0], ends[1])
    let received = Received()
    let server = Server(
      prepare: { loop in
        try! loop.watch(readEnd) { [unowned loop] readiness in
          #expect(readiness.contains(.readable))
          var byte: UInt8 = 0
          _ = read(readEnd, &byte, 1)
          received.append(byte)
          if byte == 2 { loop.unwatch(readEnd) }
        }
      }, handler: Office().handle)
    for byte: UInt8 in [1, 2, 3] {
      var byte = byte
      #expect(write(writeEnd, &byte, 1) == 1)
      while byte < 3, received.bytes.count < Int(byte) { usleep(500) }
    }
    let client = Client(server)
    client.send("GET", "/")
    #expect(client.receive() != nil)
    #expect(received.bytes == [1, 2])
    close(readEnd)
    close(writeEnd)
  }
}
