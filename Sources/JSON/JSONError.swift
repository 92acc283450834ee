/// Why a document is rejected, and where. Line and column are counted from 1, the column in bytes.
package struct JSONError: Error, Equatable {
  package enum Problem: Equatable, Sendable {
    /// The byte there, or the end of the document, is not allowed there. `expected` describes what is.
    case unexpected(expected: String)
    /// The bytes there are not UTF-8.
    case invalidUTF8
    /// The number there is beyond the range of `Double`.
    case numberOutOfRange
    /// Arrays and objects are nested too deeply there.
    case tooDeep(limit: Int)
    /// There are more values before that place than a document may have.
    case tooManyValues(limit: Int)
  }

  package var problem: Problem
  package var place: JSONPlace
  package var line: Int { place.line }
  package var column: Int { place.column }

  init(_ problem: Problem, at position: Int, of document: [UInt8]) {
    (self.problem, place) = (problem, JSONPlace(offset: position, in: document))
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
