/// Makes blocks of rows.
///
/// A row that equals the row above takes one comparison and a few bits: see ``RepeatedRow``. All other rows go through a ``SlidingWindow``,
/// in which a ``Matcher`` finds what recurs. ``BlockWriter`` writes the tokens of all rows.
struct RowCompressor: ~Copyable {
  private var window = SlidingWindow()
  private var matcher = Matcher()
  private var tokens = TokenBuffer()
  private var blocks = BlockWriter()
  /// Where the bytes of the current block begin in the window; nil if they are no longer there.
  private var blockStart: Int?

  /// Forgets all rows.
  private mutating func removeAll() {
    window.removeAll()
    matcher.removeAll()
    tokens.removeAll()
    blockStart = 0
  }

  /// Writes the first rows of a stream.
  /// - Returns: false if there is no room.
  mutating func write(_ rows: PictureRows, to stream: inout RowStream) -> Bool {
    removeAll()
    var row = 0
    if !rows.hasAbove {
      guard writeFirst(rows, to: &stream) else { return false }
      row = 1
    }
    var isRepeated = row < rows.count && rows.repeats(row)
    while row < rows.count {
      let start = row
      while isRepeated {
        row += 1
        isRepeated = row < rows.count && rows.repeats(row)
      }
      let repeatedCount = row - start
      guard repeatedCount == 0 || writeRepeated(repeatedCount, to: &stream) else { return false }
      let next = row
      // The first of the other rows is like the row that was repeated, which is further up.
      while row < rows.count, !isRepeated, row == next || repeatedCount == 0 {
        row += 1
        isRepeated = row < rows.count && rows.repeats(row)
      }
      stream.above = repeatedCount + 1
      guard append(rows, next..<row, to: &stream), match(&stream) else { return false }
    }
    return true
  }

  /// Ends the stream's blocks at a whole byte.
  ///
  /// - Parameter isLast: whether nothing follows the stream.
  /// - Returns: false if there is no room.
  mutating func finish(isLast: Bool, _ stream: inout RowStream) -> Bool {
    guard writeBlock(isLast: isLast, to: &stream) else { return false }
    if !isLast { return BlockWriter.writeEnd(to: &stream.output) }
    stream.output.align()
    return true
  }

  /// Writes the picture's first row. A row of one colour is filter byte 1 (Sub), a pixel, and zeroes.
  private mutating func writeFirst(_ rows: PictureRows, to stream: inout RowStream) -> Bool {
    let row = unsafe rows[0..<1]
    guard rows.repeats(0) else { return unsafe append(row, to: &stream) && match(&stream) }
    let first = 1 + rows.pixelStride
    let (pixel, rest) = unsafe (UnsafeRawBufferPointer(rebasing: row[..<first]), UnsafeRawBufferPointer(rebasing: row[first...]))
    return unsafe append(pixel, as: .sub, to: &stream)
      && append(rest, minus: rest.baseAddress.map { unsafe $0 - rows.pixelStride }, to: &stream) && match(&stream)
  }

  private mutating func writeRepeated(_ count: Int, to stream: inout RowStream) -> Bool {
    var left = count
    while left > 0 {
      if tokens.sink.room < TokenBuffer.mostAtOnce { guard writeBlock(isLast: false, to: &stream) else { return false } }
      let part = min(left, Token.most)
      tokens.append(part, of: stream.repeatedRow)
      left -= part
    }
    stream.checksum.add(count, of: stream.repeatedRow)
    if count * stream.stride > Symbols.longestDistance {
      // No match reaches what was before.
      matcher.slide(by: window.end)
      window.removeAll()
      blockStart = nil
    } else {
      for _ in 0..<count {
        if window.room < stream.stride { slide() }
        window.append(stream.repeatedRow)
      }
    }
    return true
  }

  /// Appends rows that do not equal the ones above to the window.
  /// - Returns: false if there is no room for the blocks of those that had to leave it.
  private mutating func append(_ rows: PictureRows, _ range: Range<Int>, to stream: inout RowStream) -> Bool {
    guard stream.filter == .up else { return unsafe append(rows[range], to: &stream) }
    for row in range { guard unsafe append(rows[row..<row + 1], as: .up, minus: rows.above(row), to: &stream) else { return false } }
    return true
  }

  /// Appends bytes, or their differences from others.
  ///
  /// - Parameter filter: replaces the first byte, which is a filter byte.
  private mutating func append(
    _ bytes: UnsafeRawBufferPointer, as filter: RowFilter? = nil, minus others: UnsafeRawPointer? = nil, to stream: inout RowStream
  ) -> Bool {
    var done = 0
    while done < bytes.count {
      if window.room == 0 {
        guard match(&stream) else { return false }
        slide()
      }
      let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[done..<min(bytes.count, done + window.room)])
      let start = window.end
      unsafe window.append(part, minus: others.map { unsafe $0 + done })
      if done == 0, let filter { window[start] = filter.rawValue }
      unsafe stream.checksum.add(window[start..<window.end])
      done += part.count
    }
    return true
  }

  /// Makes tokens of all bytes in the window.
  private mutating func match(_ stream: inout RowStream) -> Bool {
    while true {
      matcher.match(&window, in: stream, to: &tokens)
      guard window.position < window.end else { return true }
      guard writeBlock(isLast: false, to: &stream) else { return false }
    }
  }

  private mutating func slide() {
    let offset = window.slide()
    matcher.slide(by: offset)
    blockStart = blockStart.flatMap { $0 < offset ? nil : $0 - offset }
  }

  private mutating func writeBlock(isLast: Bool, to stream: inout RowStream) -> Bool {
    defer {
      tokens.removeAll()
      blockStart = window.position
    }
    tokens.finish()
    let bytes = unsafe window[(blockStart ?? window.position)..<window.position]
    return unsafe blocks.write(tokens, of: stream.repeatedRow, bytes: bytes, isLast: isLast, to: &stream.output)
  }
}

extension RowCompressor {
  /// Chooses between the filters None and Up by compressing some rows of four places with both.
  ///
  /// Most patterns recur in rows nearby, shifted by a pixel, which Up would hide. But a pattern that changes little from row to row becomes
  /// zeroes.
  mutating func cheapestFilter(for rows: PictureRows) -> RowFilter {
    guard rows.byteCount >= Self.fewestBytes, rows.count >= Self.fewestRows else { return .none }
    return trialCost(of: rows, as: .up) < trialCost(of: rows, as: .none) ? .up : .none
  }

  /// What a filter could save on less is not worth a choice.
  private static let fewestBytes = 1 << 20
  /// Too few rows are tried of fewer.
  private static let fewestRows = 340
  private static let places = 4

  /// The bits of some rows, in codes of their own.
  private mutating func trialCost(of rows: PictureRows, as filter: RowFilter) -> Int {
    removeAll()
    var stream = unsafe RowStream(rows, filter: filter, to: UnsafeMutableBufferPointer(start: nil, count: 0))
    let count = max(1, min(6, rows.count / 170))
    for place in 1...Self.places {
      let top = rows.count * place / (Self.places + 1)
      // Two rows above, to which matches may refer.
      guard window.room > (2 + count) * rows.stride, append(rows, top - 2..<top, to: &stream) else { break }
      window.position = window.end
      for row in top..<top + count where !rows.repeats(row) {
        // As long as there is room for tokens: nothing is written.
        guard append(rows, row..<row + 1, to: &stream), match(&stream) else { return .max }
      }
    }
    tokens.finish()
    return blocks.bits(of: tokens)
  }
}
