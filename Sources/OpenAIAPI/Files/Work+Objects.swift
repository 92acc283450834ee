import Answers
import FastCGI
import ObjectStore

extension Work {
  /// Asks the store of objects on the renderer's thread, because memory and disk answer at once and may take a while; but does not wait there for
  /// a server on a network. Its answer is also turned into the response there, because that may be long.
  init<Value>(
    _ ask: @escaping @Sendable () -> ObjectAnswer<Value>, respond: @escaping @Sendable (Value) throws(APIError) -> Response
  ) {
    self.init(inOneStep: {
      ask().step { result in
        do throws(APIError) { return .finished(try respond(result.orAPIError())) } catch { return .finished(error.response) }
      }
    })
  }
}
