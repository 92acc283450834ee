import Synchronization

extension Answer {
  /// The answer to what follows from the value of this one.
  package func flatMap<New>(_ transform: @escaping @Sendable (Value) -> Answer<New, Failure>) -> Answer<New, Failure> {
    switch self {
    case .ready(.success(let value)): transform(value)
    case .ready(.failure(let error)): .ready(.failure(error))
    case .pending(let start):
      .pending { receive in
        start { result in
          switch result {
          case .success(let value): transform(value).then(receive)
          case .failure(let error): receive(.failure(error))
          }
        }
      }
    }
  }

  package func map<New>(_ transform: @escaping @Sendable (Value) -> New) -> Answer<New, Failure> {
    flatMap { .ready(.success(transform($0))) }
  }

  /// The same value, or the answer to what follows from the error.
  package func recover(_ transform: @escaping @Sendable (Failure) -> Self) -> Self {
    switch self {
    case .ready(.success): self
    case .ready(.failure(let error)): transform(error)
    case .pending(let start):
      .pending { receive in
        start { result in
          switch result {
          case .success: receive(result)
          case .failure(let error): transform(error).then(receive)
          }
        }
      }
    }
  }

  /// The values of all answers, in their order, or the first error. Those that answer later are started together.
  package static func all(_ answers: [Self]) -> Answer<[Value], Failure> {
    guard !answers.allSatisfy(\.isReady) else {
      return Answer<[Value], Failure> { () throws(Failure) in
        try answers.map { answer throws(Failure) in try answer.wait() }
      }
    }
    return .pending { receive in
      let gathering = Gathering<Value, Failure>(count: answers.count)
      for (index, answer) in answers.enumerated() {
        answer.then { result in if let all = gathering.insert(result, at: index) { receive(all) } }
      }
    }
  }
}

/// Results that arrive in any order, from any thread.
private final class Gathering<Value: Sendable, Failure: Error>: Sendable {
  private let results: Mutex<(found: [Result<Value, Failure>?], missing: Int)>

  init(count: Int) { results = Mutex(([Result<Value, Failure>?](repeating: nil, count: count), count)) }

  /// - Returns: all values, or the first error, if this result was the last one missing.
  func insert(_ result: Result<Value, Failure>, at index: Int) -> Result<[Value], Failure>? {
    results.withLock { results in
      results.found[index] = result
      results.missing -= 1
      guard results.missing == 0 else { return nil }
      return Result { () throws(Failure) in try results.found.map { result throws(Failure) in try result!.get() } }
    }
  }
}
