extension ClientLoop {
  /// Takes a server's reply to a request.
  func replied(to request: Request, _ reply: RedisReply, from connection: Connection) {
    guard case .error(let text) = reply else {
      if request.replicas > 0, !request.isDone { return connection.executed(request, reply) }
      return answer(request, .success(reply))
    }
    if request.kind != .command { return request.answer(.failure(.refused(text))) }
    guard !request.isDone else { return }
    request.comeBack(.refused(text))
    switch RefusalKind(text) {
    case .moved(let server, let isForOnce): redirect(request, to: server, isForOnce: isForOnce, from: connection)
    case .final: answer(request, .failure(.refused(text)))
    case .passing(let pause):
      retry(request, after: pause)
    case .wrongServer:
      topology.doubt()
      retry(request, after: .milliseconds(100))
    case .unknownScript:
      guard let alternative = request.alternative.take() else { return answer(request, .failure(.refused(text))) }
      request.command = alternative
      route(request)
    }
  }

  /// So often in a row a request is sent where a server says, without a pause.
  private static let mostRedirections = 5

  private func redirect(_ request: Request, to server: Substring, isForOnce: Bool, from connection: Connection) {
    // A server that may not be asked by INFO shows itself as part of a Cluster here.
    becomeCluster(connection.endpoint)
    guard let cluster = topology as? Cluster, let endpoint = RedisEndpoint(redirection: server, from: connection.endpoint) else {
      return answer(request, .failure(request.failure))
    }
    request.redirections += 1
    guard request.redirections % (Self.mostRedirections + 1) != 0 else {
      topology.doubt()
      return retry(request, after: .milliseconds(100))
    }
    cluster.redirect(request, to: endpoint, isForOnce: isForOnce)
  }
}

/// What a refusal means for a client. In all cases the command was not executed.
enum RefusalKind: Equatable {
  /// It will be refused again.
  case final
  /// It will be over.
  case passing(Duration)
  /// Another server is responsible, but which one is not known.
  case wrongServer
  /// Another server is responsible, for the slot or for this key only.
  case moved(Substring, isForOnce: Bool)
  /// The server must be told the text of the script.
  case unknownScript

  init(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 3)
    switch words.first {
    case "MOVED" where words.count == 3: self = .moved(words[2], isForOnce: false)
    case "ASK" where words.count == 3: self = .moved(words[2], isForOnce: true)
    case "TRYAGAIN": self = .passing(.milliseconds(20))
    case "LOADING", "BUSY", "NOREPLICAS": self = .passing(.milliseconds(100))
    case "CLUSTERDOWN", "MASTERDOWN", "READONLY": self = .wrongServer
    case "NOSCRIPT": self = .unknownScript
    default: self = .final
    }
  }
}
