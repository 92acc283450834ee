/// What of a text can be drawn, cut into runs: no control characters, no blanks but as gaps between runs, one direction each.
struct PlainText {
  /// What separates a run from the one before.
  enum Gap: Sendable, Hashable {
    /// Nothing: only the direction changes.
    case none
    case blank
    case newLine
    /// One or more lines left empty; shown as one.
    case emptyLine
  }

  struct Run {
    var scalars: Range<Int>
    let isRightToLeft: Bool
    let gap: Gap
  }

  private(set) var scalars: [UInt32] = []
  private(set) var runs: [Run] = []

  private var gap = Gap.none
  private var accents = 0

  /// - Parameters:
  ///   - text: anything.
  ///   - limit: how many scalars to take at most; the rest is not even looked at.
  ///   - keepsLines: whether a newline begins a new line, or is a blank like any other.
  init(_ text: String, limit: Int, keepsLines: Bool = true) {
    for scalar in text.unicodeScalars {
      guard scalars.count < limit else { break }
      switch Role(of: scalar) {
      case .letter: append(scalar)
      case .accent: appendAccent(scalar)
      case .blank: widenGap(to: .blank)
      case .newLine: widenGap(to: keepsLines ? .newLine : .blank)
      case .nothing: continue
      }
    }
  }

  /// Blanks and newlines at the beginning are left out, as are those at the end, where no run follows.
  private mutating func widenGap(to wider: Gap) {
    accents = 0
    guard !runs.isEmpty else { return }
    switch (gap, wider) {
    case (.newLine, .newLine), (.emptyLine, _): gap = .emptyLine
    case (.newLine, _): gap = .newLine
    default: gap = wider
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    accents = 0
    let direction = Direction(of: scalar)
    if gap == .none, let last = runs.indices.last, direction == .neutral || (direction == .rightToLeft) == runs[last].isRightToLeft {
      runs[last].scalars = runs[last].scalars.lowerBound..<scalars.count + 1
    } else {
      runs.append(Run(scalars: scalars.count..<scalars.count + 1, isRightToLeft: direction == .rightToLeft, gap: gap))
      gap = .none
    }
    scalars.append(scalar.value)
  }

  /// Piled up accents would reach into other lines: three are as many as any orthography needs.
  private mutating func appendAccent(_ scalar: Unicode.Scalar) {
    guard accents < 3, gap == .none, let last = runs.indices.last else { return }
    accents += 1
    runs[last].scalars = runs[last].scalars.lowerBound..<scalars.count + 1
    scalars.append(scalar.value)
  }
}
