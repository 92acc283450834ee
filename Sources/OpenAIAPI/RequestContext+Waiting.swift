import Answers
import FastCGI
import SystemCalls

/// An error of what hosts or workers share. A client gets it as an error of the API.
protocol SharedStateError: Error {
  var apiError: APIError { get }
}

extension Result where Failure: SharedStateError {
  /// The value, or the error that the client gets.
  func orAPIError() throws(APIError) -> Success {
    do throws(Failure) { return try get() } catch { throw error.apiError }
  }
}

extension RequestContext {
  /// Goes on with the request when an answer is there, which may be at once.
  mutating func after<Value, Failure: SharedStateError>(
    _ answer: Answer<Value, Failure>, goOn: @escaping @Sendable (inout RequestContext, Value) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    switch answer {
    case .ready(let result): try goOn(&self, result.orAPIError())
    case .pending(let start): wait(for: start, goOn: goOn)
    }
  }

  /// Waits for an answer and then goes on with the request, or responds with the error.
  func wait<Value, Failure: SharedStateError>(
    for start: @escaping @Sendable (@escaping Answer<Value, Failure>.Receiver) -> Void,
    goOn: @escaping @Sendable (inout RequestContext, Value) throws(APIError) -> Reply.Action
  ) -> Reply.Action {
    suspend(until: start) { context, result throws(APIError) in try goOn(&context, result.orAPIError()) }
  }

  /// Goes on with the request when another thread has a result. The response is finished with what is known of the request by then.
  ///
  /// - Parameter goOn: called on the thread that has the result; it must be quick.
  func suspend<Result>(
    until start: @escaping @Sendable (@escaping @Sendable (Result) -> Void) -> Void,
    goOn: @escaping @Sendable (inout RequestContext, Result) throws(APIError) -> Reply.Action
  ) -> Reply.Action {
    let late: @Sendable () -> Response = { APIError.sharedStateUnavailable("it does not answer").response }
    return .wait(
      PendingReply(until: .now + Self.patience, onTimeout: late) { complete in
        start { result in
          var context = self
          complete(service.reply(in: &context) { context throws(APIError) in try goOn(&context, result) })
        }
      })
  }

  /// How long to wait for a result. Whatever has it has a shorter limit of its own; this is for one that fails to keep it.
  private static let patience = Duration.seconds(5)
}
