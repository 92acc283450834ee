import SystemCalls

/// The writes of a durable connection that the primary has executed, and whose replicas are waited for.
///
/// `WAIT` holds its connection, so it has one of its own, and one `WAIT` is for all writes before it. If replicas are missing, each would take
/// its whole timeout; so the primary is first asked how many it has, until a `WAIT` has succeeded.
struct DurableBatch {
  fileprivate(set) var executed: [(request: Request, reply: RedisReply)] = []
  /// Whether `ROLE` or `WAIT` was sent and not answered. Nothing else is sent meanwhile.
  fileprivate(set) var isAsking = false
  /// Whether the last answer leaves no doubt that there are replicas.
  fileprivate var isTrusting = false

  var requests: [Request] { executed.map(\.request) }
}

extension Connection {
  /// The primary has executed a write.
  func executed(_ request: Request, _ reply: RedisReply) {
    request.isExecuted = true
    batch.executed.append((request, reply))
    secure()
  }

  /// Finds out whether the writes have reached the replicas.
  private func secure() {
    batch.executed.removeAll { $0.request.isDone }
    guard !batch.isAsking, !batch.executed.isEmpty else { return }
    batch.isTrusting ? waitForReplicas() : countReplicas()
  }

  private func countReplicas() {
    ask(RedisCommand("ROLE", []), within: loop.options.timeout) { [self] result in
      // A user who may not ask for it waits and sees.
      var count = Int.max
      if case .success(let reply) = result { count = reply.array?.dropFirst(2).first?.array?.count ?? 0 }
      settle { $0.replicas > count ? .missing(0) : nil }
      batch.executed.isEmpty ? secure() : waitForReplicas()
    }
  }

  private func waitForReplicas() {
    let deadline = batch.executed.map(\.request.deadline).min()!
    let wanted = batch.executed.map(\.request.replicas).max()!
    let rest = Instant.now.duration(to: deadline) - loop.options.leastLeft * 2
    let milliseconds = max(1, Int(rest / .milliseconds(1)))
    ask(RedisCommand("WAIT", [RedisArgument(wanted), RedisArgument(milliseconds)]), within: rest + loop.options.timeout) { [self] result in
      var count = 0
      switch result {
      case .success(let reply): count = Int(reply.integer ?? 0)
      case .failure(.refused(let text)): settle { _ in .refused("WAIT: \(text)") }
      case .failure: break
      }
      batch.isTrusting = count >= wanted
      let soon = Instant.now + loop.options.leastLeft * 3
      settle { request in
        if request.replicas <= count { return .replicated }
        return request.deadline < soon ? .missing(count) : nil
      }
      secure()
    }
  }

  /// Answers the writes for which there is an outcome.
  /// - Parameter outcome: nil: none yet.
  private func settle(_ outcome: (Request) -> Outcome?) {
    let all = batch.executed
    batch.executed = all.filter { outcome($0.request) == nil }
    for (request, reply) in all {
      switch outcome(request) {
      case .replicated: loop.answer(request, .success(reply))
      case .missing(let count): loop.answer(request, .failure(.notReplicated(acknowledged: count, of: request.replicas)))
      case .refused(let text): loop.answer(request, .failure(.refused(text)))
      case nil: break
      }
    }
  }

  private enum Outcome {
    case replicated
    /// Only so many replicas have it.
    case missing(Int)
    /// The server does not tell.
    case refused(String)
  }

  private func ask(_ command: RedisCommand, within limit: Duration, _ receive: @escaping (Result<RedisReply, RedisError>) -> Void) {
    batch.isAsking = true
    let current = attempt
    let request = Request(command, deadline: .now + limit) { [self] result in
      guard attempt == current else { return }
      batch.isAsking = false
      receive(result)
    }
    request.kind = .own
    loop.submitFirst(request, to: self)
  }
}
