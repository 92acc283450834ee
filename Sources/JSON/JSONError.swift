/// Why a document is not accepted, and where: line and column are counted from 1, the column in bytes.
package struct JSONError: Error, Equatable {
  package enum Problem: Equatable, Sendable {
    /// The byte there, or the end of the document, cannot follow what comes before it. `expected` is what could.
    case unexpected(expected: String)
    /// The bytes there are not UTF-8.
    case invalidUTF8
    /// The number there is beyond the range of `Double`.
    case numberOutOfRange
    /// More arrays and objects are open there than may be.
    case tooDeep(limit: Int)
    /// More values come before that place than a document may have.
    case tooManyValues(limit: Int)
  }

  package var problem: Problem
  package var line: Int
  package var column: Int

  init(_ problem: Problem, at position: Int, of document: [UInt8]) {
    let before = document[..<position]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    self.problem = problem
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    column = position - lineStart + 1
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(problem)" }
}

extension JSONError.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unexpected(let expected): "expected \(expected)"
    case .invalidUTF8: "the text is not UTF-8"
    case .numberOutOfRange: "the number is out of range"
    case .tooDeep(let limit): "arrays and objects nest more than \(limit) deep"
    case .tooManyValues(let limit): "more than \(limit) values"
    }
  }
}
