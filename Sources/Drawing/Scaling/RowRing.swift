/// The latest old rows, as numbers, from which new rows are made one after the other, from top to bottom:
///
/// ```
/// old rows      0 1 2 3 4 5 6 7 …
///                 └─────────┘
/// ring          6 1 2 3 4 5            row r in slot r mod 6
///                   └► new row y       the sum of all slots, each by its weight
/// ```
///
/// An old row is written when the first group that has it is added up, so the ring needs room only for a group and for what the next new
/// row needs again. For an upload, these are at most four rows, however many it has.
struct RowRing<Kernel: ResamplingKernel> {
  let filter: ResamplingFilter<Kernel>
  /// The rows that the ring holds, slot by slot.
  var numbers: [Float]
  private let slotCount: Int
  private let slotSize: Int
  /// The first old row that the ring has not had yet.
  private var next = 0

  /// - Parameters:
  ///   - filter: of the rows.
  ///   - slotSize: numbers of a row.
  init(_ filter: ResamplingFilter<Kernel>, slotSize: Int) {
    (self.filter, self.slotSize) = (filter, slotSize)
    let shared = zip(filter.starts, filter.starts.dropFirst()).reduce(0) { max($0, $1.0 + filter.count - $1.1) }
    // Rows beyond the last have the weight 0, whatever their slots hold.
    slotCount = max(min(max(shared, Kernel.groupSize), filter.sourceCount), 1)
    numbers = [Float](repeating: 0, count: slotSize * slotCount)
  }

  /// The groups of rows that a new row is made of.
  var groups: Range<Int> { 0..<filter.count / Kernel.groupSize }

  /// Goes on to a group of rows, in the order of new rows and their groups.
  ///
  /// - Returns: the old rows that the ring lacks, to be written at their offsets.
  mutating func advance(to number: Int, of y: Int) -> Range<Int> {
    let first = filter.starts[y] + number * Kernel.groupSize
    let end = min(first + Kernel.groupSize, filter.sourceCount)
    defer { next = max(next, end) }
    return max(next, first)..<max(next, first, end)
  }

  /// Where an old row begins.
  func offset(of row: Int) -> Int { row % slotCount * slotSize }

  /// Some of the rows that a new row is made of.
  func group(_ number: Int, of y: Int) -> RowGroup<Kernel> {
    let first = number * Kernel.groupSize
    var group = RowGroup<Kernel>(numbers: numbers)
    for row in 0..<Kernel.groupSize {
      group.starts[row] = offset(of: filter.starts[y] + first + row)
      group.weights[row] = filter.weights[y * filter.count + first + row]
    }
    return group
  }
}

/// Rows of a ring to add up at once, each by its weight: as many as the kernel's group has, 6 at most.
struct RowGroup<Kernel: ResamplingKernel> {
  let numbers: [Float]
  /// Where the rows begin.
  var starts = InlineArray<6, Int>(repeating: 0)
  var weights = InlineArray<6, Float>(repeating: 0)

  /// The starts of rows of a length, for loops that run unchecked.
  func checkedStarts(_ length: Int) -> InlineArray<6, Int> {
    for row in 0..<Kernel.groupSize {
      precondition(starts[row] >= 0 && starts[row] + length <= numbers.count, "row ends outside the ring")
    }
    return starts
  }
}
