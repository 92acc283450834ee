import DequeModule
import SystemCalls
import SystemPackage

extension Connection {
  /// Begins to connect.
  func open() {
    guard state == .idle || state == .pausing else { return }
    state = .opening
    attempt = loop.newTag()
    if downSince == nil { downSince = .now }
    limit("no connection")
    loop.resolver.resolve(endpoint) { [attempt] result in
      guard self.state == .opening, self.attempt == attempt else { return }
      switch result {
      case .failure(let failure): self.fail(failure.description)
      case .success(let found):
        self.addresses = found
        self.connect("no address")
      }
    }
  }

  /// Gives the current step so much time.
  private func limit(_ step: String) {
    let (state, attempt) = (state, attempt)
    loop.after(loop.options.patience) { [self] in
      if self.state == state, self.attempt == attempt { fail("\(step) within \(loop.options.patience)") }
    }
  }

  /// Connects to the first address that works at once, or may work.
  private func connect(_ error: String) {
    var reason = error
    while !addresses.isEmpty {
      let address = addresses.removeFirst()
      do throws(Errno) {
        let socket = try address.connect()
        attempt = loop.newTag()
        try loop.epoll.add(socket.rawValue, tag: attempt, forRoom: true)
        self.socket = consume socket
        isBlocked = true
        loop.sockets[attempt] = self
        limit("no connection")
        return
      } catch {
        reason = error.description
      }
    }
    fail(reason)
  }

  /// The kernel has connected, or has failed to.
  func connected() {
    guard let descriptor = socket?.rawValue else { return }
    if let error = connectError(of: descriptor) {
      closeSocket()
      return connect(error.description)
    }
    state = .probing
    limit("no answer to PING")
    parser = ReplyParser()
    output = OutputStage()
    lastByte = .now
    watch(forRoom: false)
    let requests = setup()
    for request in requests { request.kind = .setup }
    putFirst(requests)
  }

  func becomeReady() {
    (state, readySince, downSince) = (.ready, .now, nil)
    loop.changed(self)
    scheduleFlush()
  }

  /// Closes the connection after an error, returns its requests, and tries again after a pause.
  func fail(_ reason: String) {
    // A server that takes connections only to close them is no better than one that does not.
    let wasGood = state == .ready && readySince!.duration(to: .now) > .seconds(1)
    self.reason = reason
    loop.mailbox.count { $0.failures += 1 }
    loop.resolver.forget(endpoint)
    close()
    if downSince == nil { downSince = .now }
    failures = wasGood ? 0 : failures + 1
    state = .pausing
    // To the front, because a write that is repeated must not overtake a later one.
    putFirst(loop.repeatable(takeSent(), reason: "\(endpoint): \(reason)"))
    if isKept || waiting.contains(where: { !$0.isDone }) { openAfterPause() } else { becomeIdle() }
    loop.changed(self)
  }

  private func openAfterPause() {
    let pause = min(Duration.milliseconds(20) * (1 << min(failures, 6)), .seconds(1)) * Double.random(in: 0.75...1.25)
    let attempt = loop.newTag()
    self.attempt = attempt
    loop.after(pause) { [self] in
      guard state == .pausing, self.attempt == attempt else { return }
      if isKept || waiting.contains(where: { !$0.isDone }) { open() } else { becomeIdle() }
    }
  }

  /// What is left of its requests is answered already.
  private func becomeIdle() {
    state = .idle
    downSince = nil
    waiting.removeAll()
    waitingBytes = 0
  }

  private func close() {
    closeSocket()
    attempt = loop.newTag()
    addresses = []
  }

  private func closeSocket() {
    guard let descriptor = socket?.rawValue else { return }
    loop.epoll.remove(descriptor)
    loop.sockets[attempt] = nil
    socket = nil
  }

  /// Closes the connection for good.
  /// - Returns: its requests that may be sent elsewhere. The others are answered.
  func retire(_ reason: String) -> [Request] {
    self.reason = reason
    close()
    state = .retired
    let sent = loop.repeatable(takeSent(), reason: reason)
    defer { (waiting, waitingBytes) = ([], 0) }
    return sent + waiting.filter { $0.kind == .command }
  }

  /// Removes the requests that the connection has seen.
  private func takeSent() -> SentRequests {
    defer {
      (writing, awaiting, openBytes) = ([], [], 0)
      batch = DurableBatch()
    }
    waiting.removeAll { $0.kind != .command }
    waitingBytes = waiting.reduce(0) { $0 + $1.command.byteCount }
    // A command of which the server has only a part is not executed.
    return SentRequests(partly: Array(writing), completely: batch.requests + Array(awaiting))
  }

  func watch(forRoom room: Bool) {
    guard let descriptor = socket?.rawValue, room != isBlocked else { return }
    isBlocked = room
    do { try loop.epoll.change(descriptor, tag: attempt, forRoom: room) } catch { fail(error.description) }
  }
}

/// The requests of a connection that has broken.
struct SentRequests {
  var partly: [Request]
  var completely: [Request]
}
