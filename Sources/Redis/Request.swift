import SystemCalls

/// A command on the client's thread, from its submission until it is answered. Another attempt is the same request.
final class Request {
  var command: RedisCommand
  var alternative: RedisCommand?
  let deadline: Instant
  let replicas: Int
  /// nil once it is answered. A reply that comes later is dropped.
  private(set) var receive: ((Result<RedisReply, RedisError>) -> Void)?
  /// What is known of a request that is not on its way.
  private var fate = RedisError.notSent("no time was left")
  /// Whether an earlier attempt may have been executed.
  private var mayHaveRun = false
  /// Whether it is being sent, or was sent and waits for its reply.
  private(set) var isOnItsWay = false
  /// Whether the primary has executed it, while replicas are waited for.
  var isExecuted = false
  /// When it was last sent.
  private(set) var sent: Instant?
  /// How often a server has named another one.
  var redirections = 0
  var kind = Kind.command

  enum Kind {
    case command
    /// Asks a new connection if its server is ready.
    case setup
    /// The client's own: neither counted nor repeated.
    case own
    /// The client's own, to which there is no reply in order.
    case silent
  }

  init(
    _ command: RedisCommand, alternative: RedisCommand? = nil, deadline: Instant, replicas: Int = 0,
    _ receive: @escaping (Result<RedisReply, RedisError>) -> Void
  ) {
    (self.command, self.alternative, self.deadline, self.replicas) = (command, alternative, deadline, replicas)
    self.receive = receive
  }

  convenience init(_ submission: Submission) {
    self.init(
      submission.command, alternative: submission.alternative, deadline: submission.deadline, replicas: submission.replicas,
      submission.receive)
  }

  var isDone: Bool { receive == nil }

  /// What to answer if the deadline passes now.
  var failure: RedisError {
    if isExecuted { return .notReplicated(acknowledged: 0, of: replicas) }
    return isOnItsWay ? .unknown("no reply came in time") : fate
  }

  func beginSending() { (isOnItsWay, sent) = (true, .now) }

  /// It was not executed, and is not on its way.
  func comeBack(_ fate: RedisError) {
    isOnItsWay = false
    if !mayHaveRun { self.fate = fate }
  }

  /// It is not on its way any more, and nobody knows whether it was executed.
  func getLost(_ reason: String) {
    (isOnItsWay, isExecuted, mayHaveRun) = (false, false, true)
    fate = .unknown(reason)
  }

  /// Frees the memory of a command that is not sent again.
  func dropCommand() { (command, alternative) = (Self.dropped, nil) }

  private static let dropped = RedisCommand("", [])

  func answer(_ result: Result<RedisReply, RedisError>) {
    let receive = self.receive.take()
    receive?(result)
  }
}
