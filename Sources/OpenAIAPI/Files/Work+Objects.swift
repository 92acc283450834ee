import Answers
import FastCGI
import ObjectStore

extension Work {
  /// Asks the store of objects on the renderer's thread, because memory and disk answer at once and may take a while; but does not wait there for
  /// a server on a network.
  init<Value>(
    _ ask: @escaping @Sendable () -> ObjectAnswer<Value>, respond: @escaping @Sendable (Value) throws(APIError) -> Response
  ) {
    @Sendable func step(_ result: Result<Value, ObjectStoreError>) -> Step {
      do throws(APIError) { return .finished(try respond(result.orAPIError())) } catch { return .finished(error.response) }
    }
    self.init(inOneStep: {
      switch ask() {
      case .ready(let result): step(result)
      case .pending(let start): .suspended { resume in start { resume(step($0)) } }
      }
    })
  }
}
