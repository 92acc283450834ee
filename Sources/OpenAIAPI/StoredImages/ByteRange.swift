/// The range that a Range header requests of a representation (RFC 9110, section 14): one range of bytes. Multiple ranges, other units and
/// invalid headers are ignored, as the RFC allows.
enum ByteRange: Equatable {
  case whole
  case part(Range<Int>)
  case unsatisfiable

  /// - Parameter length: bytes of the representation.
  init(_ header: String, length: Int) {
    guard header.lowercased().hasPrefix("bytes="), !header.contains(",") else {
      self = .whole
      return
    }
    let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { Self.number($0) }
    self =
      switch (bounds.count == 2 ? bounds[0] : .invalid, bounds.count == 2 ? bounds[1] : .invalid) {
      case (.value(let first), .value(let last)) where first <= last: Self.part(from: first, to: last, length)
      case (.value(let first), .absent): Self.part(from: first, to: length - 1, length)
      case (.absent, .value(let count)): count > 0 && length > 0 ? .part(max(0, length - count)..<length) : .unsatisfiable
      default: .whole
      }
  }

  private enum Bound {
    case absent, invalid
    case value(Int)
  }

  private static func number(_ digits: Substring) -> Bound {
    let digits = digits.filter { $0 != " " }
    if digits.isEmpty { return .absent }
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return .invalid }
    return .value(Int(digits) ?? .max)
  }

  private static func part(from first: Int, to last: Int, _ length: Int) -> ByteRange {
    first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
  }
}
