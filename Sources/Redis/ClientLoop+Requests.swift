import SystemCalls

/// From a request's arrival on the client's thread to its answer.
extension ClientLoop {
  /// Sends a request, and answers it at its deadline at the latest.
  func submit(_ request: Request) {
    guard !hasStopped else { return answer(request, .failure(.notSent("the client is closed"))) }
    deadlines.insert(request)
    route(request)
  }

  /// Sends a request of the client's own on that connection.
  func submit(_ request: Request, to connection: Connection) {
    deadlines.insert(request)
    connection.enqueue(request)
  }

  /// The same, ahead of all others.
  func submitFirst(_ request: Request, to connection: Connection) {
    deadlines.insert(request)
    connection.putFirst([request])
  }

  func route(_ request: Request) {
    guard !request.isDone else { return }
    if let node = topology.node(for: request.command.slot) { return node.enqueue(request) }
    park(request)
  }

  private func park(_ request: Request) {
    let since = parkedSince ?? .now
    parkedSince = since
    guard since.duration(to: .now) <= options.timeout, parked.count < options.queueCount else {
      return answer(request, .failure(.notSent(topology.state.reason ?? "no server is known")))
    }
    parked.append(request)
  }

  /// Sends the requests for which no server was known.
  func unpark() {
    let requests = parked
    parked = []
    for request in requests { route(request) }
    if parked.isEmpty { parkedSince = nil }
  }

  /// Tries again later, if time is left.
  func retry(_ request: Request, after delay: Duration) { after(delay) { [unowned self] in route(request) } }

  /// Of the requests of a connection that broke, those that may be sent again, in their order. The others are answered.
  func repeatable(_ sent: SentRequests, reason: String) -> [Request] {
    var again: [Request] = []
    for request in sent.completely where !request.isDone {
      request.getLost(reason)
      if request.kind == .command, request.command.isIdempotent {
        again.append(request)
      } else {
        answer(request, .failure(request.failure))
      }
    }
    for request in sent.partly where !request.isDone {
      request.comeBack(.notSent(reason))
      if request.kind == .command { again.append(request) } else { answer(request, .failure(request.failure)) }
    }
    return again
  }

  func expire(_ request: Request) {
    guard !request.isDone else { return }
    let silent = sockets.values.first { $0.isSilent(about: request) && $0.has(request) }
    var failure = request.failure
    if case .notSent = failure, let reason = topology.state.reason { failure = .notSent(reason) }
    answer(request, .failure(failure))
    silent?.fail("it does not answer")
  }

  func answer(_ request: Request, _ result: Result<RedisReply, RedisError>) {
    guard !request.isDone else { return }
    if request.kind == .command { mailbox.count { $0.count(result, sent: request.sent) } }
    request.answer(result)
  }
}
