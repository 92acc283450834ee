/// Compresses rows of a picture to deflate blocks, some rows at a time.
///
/// A plain picture has hundreds of consecutive rows that equal the row above. They become ``RepeatedRows``: whoever drew them knows them, or
/// one comparison finds each, and a few bits encode it. In all other rows, ``RowMatcher`` finds what recurs, and ``BlockWriter`` encodes it.
///
/// The output depends only on the rows and the row above, and ends at a whole byte. The blocks of consecutive rows therefore make one
/// stream, whichever deflater wrote them.
///
/// The buffers (about 100 KB, and 170 KB for filtered rows) are kept from picture to picture.
struct Deflater: ~Copyable {
  private var matcher = RowMatcher()
  private var tokens = Tokens()
  private var blocks = BlockWriter()
  private var repeated = RepeatedRows()
  private var filtered = FilteredRows()

  /// The fewest repeated rows that are worth a block, which has codes of its own.
  static let shortestRun = 24

  /// An upper bound of the compressed size. No code is longer on average than nine bits, so that a literal costs nine bits, and a match of
  /// three bytes 27. Each block has less than 640 bytes for its codes.
  static func bound(_ count: Int, rows: Int) -> Int {
    let blocks = 2 * (rows / shortestRun + 1) + count / Tokens.capacity + 1
    return count + count / 8 + blocks * 640
  }

  /// The result of compressing some rows.
  struct Blocks {
    /// The number of bytes written.
    var count = 0
    /// The checksum of the rows, with the filter bytes as written.
    var checksum = Adler32()
  }

  /// Writes rows, filter bytes first.
  ///
  /// - Parameters:
  ///   - filter: the filter of rows that do not equal the one above.
  ///   - isLast: whether the stream ends with them.
  ///   - output: room for ``bound(_:rows:)`` bytes is enough.
  /// - Returns: nil if `output` is too small.
  mutating func write(
    _ rows: PictureRows, filter: RowFilter = .none, isLast: Bool, to output: UnsafeMutableBufferPointer<UInt8>
  ) -> Blocks? {
    var writer = unsafe BitWriter(output)
    var checksum = Adler32()
    for run in runs(rows) {
      let isLast = isLast && run.rows.upperBound == rows.count
      if run.isRepeated {
        guard repeated.write(run.rows.count, stride: rows.stride, isLast: isLast, to: &writer, checksum: &checksum) else { return nil }
      } else {
        guard compress(rows, run.rows, filter, isLast: isLast, to: &writer, &checksum) else { return nil }
      }
    }
    if isLast { writer.align() } else { guard writer.writeEmptyBlock() else { return nil } }
    return Blocks(count: writer.count, checksum: checksum)
  }

  private struct Run {
    var rows: Range<Int>
    var isRepeated: Bool
  }

  /// Divides the rows into long runs of repeated rows and the rows between them. Rows that are known to be repeated are a run, however few.
  private func runs(_ rows: PictureRows) -> [Run] {
    var runs: [Run] = []
    var done = 0
    var row = 0
    var known = rows.repeated[...]
    while row < rows.count {
      let start = row
      var isKnown = false
      while row < rows.count {
        if let range = known.first, range.lowerBound == row {
          row = range.upperBound
          isKnown = true
          known.removeFirst()
        } else {
          guard rows.repeats(row) else { break }
          row += 1
        }
      }
      if isKnown || row - start >= Self.shortestRun {
        runs += [Run(rows: done..<start, isRepeated: false), Run(rows: start..<row, isRepeated: true)]
        done = row
      }
      row += 1
    }
    if done < rows.count { runs.append(Run(rows: done..<rows.count, isRepeated: false)) }
    return runs.filter { !$0.rows.isEmpty }
  }

  /// Compresses one run, as it is or filtered. It refers to no other rows.
  /// - Returns: false if there is no room.
  private mutating func compress(
    _ rows: PictureRows, _ run: Range<Int>, _ filter: RowFilter, isLast: Bool, to output: inout BitWriter, _ checksum: inout Adler32
  ) -> Bool {
    matcher.removeAll()
    tokens.removeAll()
    guard filter == .up else {
      let bytes = unsafe rows[run]
      unsafe checksum.add(bytes)
      var blockStart = 0
      var end = unsafe matcher.match(bytes, from: 0, rows.shape, to: &tokens)
      while end < bytes.count {
        guard unsafe writeBlock(bytes[blockStart..<end], isLast: false, to: &output) else { return false }
        blockStart = end
        end = unsafe matcher.match(bytes, from: end, rows.shape, to: &tokens)
      }
      return unsafe writeBlock(bytes[blockStart...], isLast: isLast, to: &output)
    }
    var filtered = FilteredRows()
    swap(&filtered, &self.filtered)
    defer { swap(&filtered, &self.filtered) }
    let isWritten = unsafe filtered.visit(rows, run) { bytes, history in
      unsafe checksum.add(bytes)
      var end = 0
      while true {
        end = unsafe matcher.match(bytes, from: end, rows.shape, history: history, to: &tokens)
        guard end < bytes.count else { return true }
        guard unsafe writeBlock(nil, isLast: false, to: &output) else { return false }
      }
    }
    return unsafe isWritten && writeBlock(nil, isLast: isLast, to: &output)
  }

  /// - Parameter bytes: what the tokens stand for; nil if that is no longer known.
  private mutating func writeBlock(_ bytes: Slice<UnsafeRawBufferPointer>?, isLast: Bool, to output: inout BitWriter) -> Bool {
    defer { tokens.removeAll() }
    return unsafe blocks.write(
      tokens, bytes: bytes.map { unsafe UnsafeRawBufferPointer(rebasing: $0) }, isLast: isLast, to: &output)
  }
}

extension [UInt8] {
  /// Makes the array `count` bytes long. New bytes are not zeroed, and pages that are never written are never allocated.
  ///
  /// - Parameter kept: the number of first bytes to keep.
  mutating func makeRoom(_ count: Int, keeping kept: Int = 0) {
    let old = prefix(kept)
    unsafe self = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      _ = unsafe buffer.initialize(fromContentsOf: old)
      initializedCount = count
    }
  }
}
