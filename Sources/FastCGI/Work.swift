/// What the renderer thread does for one request: in one step, or in several, between which others have their turn.
package struct Work: Sendable {
  package enum Step: Sendable {
    case finished(Response)
    case unfinished(@Sendable () -> Step)
  }

  /// Whether it may take several steps, and has something to keep in between.
  package let isLong: Bool
  package let begin: @Sendable () -> Step

  private init(isLong: Bool, begin: @escaping @Sendable () -> Step) { (self.isLong, self.begin) = (isLong, begin) }

  package init(inSteps begin: @escaping @Sendable () -> Step) { self.init(isLong: true, begin: begin) }

  package init(_ whole: @escaping @Sendable () -> Response) { self.init(isLong: false) { .finished(whole()) } }

  /// Does all of it at once.
  package func callAsFunction() -> Response {
    var step = begin()
    while case .unfinished(let next) = step { step = next() }
    guard case .finished(let response) = step else { preconditionFailure("a step is either") }
    return response
  }

  /// The same with its response changed when that is there.
  package func changing(_ change: @escaping @Sendable (inout Response) -> Void) -> Work {
    Work(isLong: isLong) { [begin] in begin().changing(change) }
  }
}

extension Work.Step {
  fileprivate func changing(_ change: @escaping @Sendable (inout Response) -> Void) -> Work.Step {
    switch self {
    case .finished(let response): .finished(response.changed(by: change))
    case .unfinished(let next): .unfinished { next().changing(change) }
    }
  }
}
