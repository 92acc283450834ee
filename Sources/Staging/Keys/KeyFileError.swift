package import JSON

/// What is wrong with a file of keys, in one line.
package enum KeyFileError: Error, Equatable {
  case tooLarge(bytes: Int, limit: Int)
  case syntax(JSONError)
  case notAList
  case tooManyKeys(count: Int, limit: Int)
  /// - Parameter index: which key, from 1.
  case wrong(index: Int, problem: String, allowed: String)
}

extension KeyFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes; allowed: at most \(limit)"
    case .syntax(let error): "the file is not valid JSON: \(error)"
    case .notAList: #"the file is not a list; allowed: a list of keys such as [{"key": "sk-test-1234", "state": "quota"}]"#
    case .tooManyKeys(let count, let limit): "the file lists \(count) keys; allowed: at most \(limit)"
    case .wrong(let index, let problem, let allowed): "key \(index): \(problem); allowed: \(allowed)"
    }
  }
}
