import CISAL
import Glibc

/// Compresses rows of a picture to deflate blocks, some rows at a time.
///
/// A plain picture has hundreds of consecutive rows that equal the row above. They become ``RepeatedRows``: whoever drew them knows them, or
/// one comparison finds each, and a few bits encode it. A first row of one colour is encoded with them. All other rows go through ISA-L's
/// igzip at level 1, the fastest that finds repetitions: in place if they are not filtered.
///
/// The output depends only on the rows and the row above, and ends at a whole byte. The blocks of consecutive rows therefore make one
/// stream, whichever deflater wrote them.
///
/// ISA-L's state and buffers (about 360 KB) are kept from picture to picture.
@safe
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<isal_zstream>
  private let levelBuffer: UnsafeMutableBufferPointer<UInt8>
  private var filtered = FilteredRows()

  private static let level: UInt32 = 1
  /// The fewest repeated rows that are worth a block. Each such block ends one stream of ISA-L's and begins another, with code tables of
  /// its own.
  static let shortestRun = 24

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe levelBuffer = .allocate(capacity: cisal_level1_buffer_size)
  }

  deinit {
    unsafe stream.deallocate()
    unsafe levelBuffer.deallocate()
  }

  /// An upper bound of the compressed size. Stored blocks cost 5 bytes per 65535, and each change between repeated and other rows costs
  /// less than the 512 bytes reserved for it.
  static func bound(_ count: Int, rows: Int) -> Int { count + count / 65535 * 5 + (rows / shortestRun + 1) * 512 + 1024 }

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
    var blocks = Blocks()
    for run in runs(rows) {
      let isLast = isLast && run.rows.upperBound == rows.count
      if run.isRepeated {
        let isFirst = run.rows.lowerBound == 0 && !rows.hasAbove
        var writer = unsafe BitWriter(output, from: blocks.count)
        RepeatedRows(stride: rows.stride, startingWith: isFirst ? rows.firstPixel : [])
          .write(run.rows.count, isLast: isLast, to: &writer, checksum: &blocks.checksum)
        guard writer.count <= output.count else { return nil }
        blocks.count = writer.count
      } else {
        guard unsafe begin(output, from: blocks.count) else { return nil }
        let isWritten = compress(rows, run.rows, filter, isLast: isLast, &blocks.checksum)
        guard isWritten else { return nil }
        unsafe blocks.count += Int(stream.pointee.total_out)
      }
    }
    return blocks
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

  /// Begins blocks of ISA-L's that refer to no earlier rows.
  /// - Returns: false if there is no room.
  private borrowing func begin(_ output: UnsafeMutableBufferPointer<UInt8>, from start: Int) -> Bool {
    guard start < output.count else { return false }
    unsafe isal_deflate_init(stream)
    unsafe stream.pointee.level = Self.level
    unsafe stream.pointee.level_buf = levelBuffer.baseAddress
    unsafe stream.pointee.level_buf_size = UInt32(levelBuffer.count)
    unsafe stream.pointee.gzip_flag = UInt16(IGZIP_DEFLATE)
    unsafe stream.pointee.next_out = output.baseAddress! + start
    unsafe stream.pointee.avail_out = UInt32(output.count - start)
    return true
  }

  /// Compresses one run, as it is or filtered. The output ends at a whole byte.
  /// - Returns: false if there is no room.
  private mutating func compress(
    _ rows: PictureRows, _ run: Range<Int>, _ filter: RowFilter, isLast: Bool, _ checksum: inout Adler32
  ) -> Bool {
    guard filter == .up else {
      let bytes = unsafe rows[run]
      unsafe checksum.add(bytes)
      let start = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
      return unsafe Self.compress(UnsafeMutableBufferPointer(start: start, count: bytes.count), ends: true, isLast: isLast, stream)
    }
    let stream = unsafe stream
    return unsafe filtered.visit(rows, run) { piece, ends in
      unsafe checksum.add(UnsafeRawBufferPointer(piece))
      return unsafe Self.compress(piece, ends: ends, isLast: isLast, stream)
    }
  }

  /// Compresses the next bytes of a run.
  ///
  /// - Parameters:
  ///   - input: only read; the C structure lacks a const.
  ///   - ends: whether the run ends with them.
  ///   - isLast: whether nothing follows the run.
  private static func compress(
    _ input: UnsafeMutableBufferPointer<UInt8>, ends: Bool, isLast: Bool, _ stream: UnsafeMutablePointer<isal_zstream>
  ) -> Bool {
    unsafe stream.pointee.flush = UInt16(ends && !isLast ? FULL_FLUSH : NO_FLUSH)
    unsafe stream.pointee.end_of_stream = ends && isLast ? 1 : 0
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = UInt32(input.count)
    return unsafe isal_deflate(stream) == COMP_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
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
