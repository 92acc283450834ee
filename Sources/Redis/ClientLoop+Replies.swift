extension ClientLoop {
  /// Takes a server's reply to a request.
  func replied(to request: Request, _ reply: RedisReply, from connection: Connection) {
    guard case .error(let text) = reply else { return answer(request, .success(reply)) }
    if request.isSetup { return request.answer(.failure(.refused(text))) }
    guard !request.isDone else { return }
    request.comeBack(.refused(text))
    switch RefusalKind(text) {
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
}

/// What a refusal means for a client. In all cases the command was not executed.
enum RefusalKind: Equatable {
  /// It will be refused again.
  case final
  /// It will be over.
  case passing(Duration)
  /// Another server is responsible.
  case wrongServer
  /// The server must be told the text of the script.
  case unknownScript

  init(_ text: String) {
    switch text.prefix(while: { $0 != " " }) {
    case "TRYAGAIN": self = .passing(.milliseconds(20))
    case "LOADING", "BUSY": self = .passing(.milliseconds(100))
    case "CLUSTERDOWN", "MASTERDOWN", "READONLY": self = .wrongServer
    case "NOSCRIPT": self = .unknownScript
    default: self = .final
    }
  }
}
