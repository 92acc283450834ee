/// The range that a Range header requests of a representation (RFC 9110, section 14): one range of bytes. Multiple ranges, other units and
/// invalid headers are ignored, as the RFC allows and as blob storage does.
enum ByteRange: Equatable {
  case whole
  case part(Range<Int>)
  case unsatisfiable

  /// - Parameter length: bytes of the representation.
  init(_ header: String, length: Int) {
    guard let set = Self.ranges(in: header), set.count == 1 else {
      self = .whole
      return
    }
    let bounds = set[0].split(separator: "-", omittingEmptySubsequences: false).map { Self.number($0) }
    self =
      switch (bounds.count == 2 ? bounds[0] : .invalid, bounds.count == 2 ? bounds[1] : .invalid) {
      case (.value(let first), .value(let last)) where first <= last: Self.part(from: first, to: last, length)
      case (.value(let first), .absent): Self.part(from: first, to: length - 1, length)
      case (.absent, .value(let count)): count > 0 && length > 0 ? .part(max(0, length - count)..<length) : .unsatisfiable
      default: .whole
      }
  }

  /// The elements of the list, without empty ones; nil if the unit is another one.
  private static func ranges(in header: String) -> [Substring]? {
    let header = Substring(header).utf8.trimmingBlanks
    guard String(Substring(header.prefix(6))).lowercased() == "bytes=" else { return nil }
    return Substring(header.dropFirst(6)).split(separator: ",").map { Substring($0.utf8.trimmingBlanks) }.filter { !$0.isEmpty }
  }

  private enum Bound {
    case absent, invalid
    case value(Int)
  }

  private static func number(_ text: Substring) -> Bound {
    let digits = text.utf8.trimmingBlanks
    if digits.isEmpty { return .absent }
    guard digits.allSatisfy({ (48...57).contains($0) }) else { return .invalid }
    return .value(Int(Substring(digits)) ?? .max)
  }

  private static func part(from first: Int, to last: Int, _ length: Int) -> ByteRange {
    first < length ? .part(first..<min(last, length - 1) + 1) : .unsatisfiable
  }
}
