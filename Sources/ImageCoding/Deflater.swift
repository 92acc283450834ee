import CISAL
import Glibc

/// Rows of a picture to deflate's blocks, some rows at a time.
///
/// Rows that equal the row above, of which a plain picture has hundreds in a row, become ``RepeatedRows``: found by one comparison, and
/// written in a few bits each; with them goes a first row of one colour. All other rows go through ISA-L's igzip at level 1, the fastest
/// that finds repetitions, where they lie and unfiltered.
///
/// What it writes refers to nothing but the row above, and ends at a whole byte: the blocks of rows that follow each other make one
/// stream, whoever wrote them.
///
/// ISA-L's state and buffers (about 360 KB) are kept from picture to picture.
@safe
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<isal_zstream>
  private let levelBuffer: UnsafeMutableBufferPointer<UInt8>

  private static let level: UInt32 = 1
  /// Fewer repeated rows than this are not worth a block of their own, for each ends one stream of ISA-L's and begins another, with code
  /// tables of its own.
  static let shortestRun = 24

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe levelBuffer = .allocate(capacity: cisal_level1_buffer_size)
  }

  deinit {
    unsafe stream.deallocate()
    unsafe levelBuffer.deallocate()
  }

  /// Bytes that rows of so many bytes surely fit in: stored blocks cost 5 bytes per 65535, and each change between repeated and other rows
  /// less than the 512 that are put aside.
  static func bound(_ count: Int, rows: Int) -> Int { count + count / 65535 * 5 + (rows / shortestRun + 1) * 512 + 1024 }

  /// What some rows became.
  struct Blocks {
    /// Bytes.
    var count = 0
    /// Of the rows, filter bytes as they were written.
    var checksum = Adler32()
  }

  /// Writes rows, filter bytes first.
  ///
  /// - Parameters:
  ///   - isLast: whether the stream ends with them.
  ///   - output: ``bound(_:rows:)`` is room enough.
  /// - Returns: nil where `output` is too small.
  mutating func write(_ rows: PictureRows, isLast: Bool, to output: UnsafeMutableBufferPointer<UInt8>) -> Blocks? {
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
        let bytes = unsafe rows[run.rows]
        unsafe blocks.checksum.add(bytes)
        guard let end = unsafe compress(bytes, isLast: isLast, into: output, from: blocks.count) else { return nil }
        blocks.count = end
      }
    }
    return blocks
  }

  private struct Run {
    var rows: Range<Int>
    var isRepeated: Bool
  }

  /// Divides the rows into long runs of repeated ones and what lies between.
  private func runs(_ rows: PictureRows) -> [Run] {
    var runs: [Run] = []
    var done = 0
    var row = 0
    while row < rows.count {
      let start = row
      while row < rows.count, rows.repeats(row) { row += 1 }
      if row - start >= Self.shortestRun {
        runs += [Run(rows: done..<start, isRepeated: false), Run(rows: start..<row, isRepeated: true)]
        done = row
      }
      row += 1
    }
    if done < rows.count { runs.append(Run(rows: done..<rows.count, isRepeated: false)) }
    return runs.filter { !$0.rows.isEmpty }
  }

  /// Writes one run through ISA-L. Nothing in it refers to what came before, and it ends at a whole byte.
  /// - Returns: where it ends, or nil where `output` is too small.
  private borrowing func compress(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    guard start < output.count else { return nil }
    unsafe isal_deflate_init(stream)
    unsafe stream.pointee.level = Self.level
    unsafe stream.pointee.level_buf = levelBuffer.baseAddress
    unsafe stream.pointee.level_buf_size = UInt32(levelBuffer.count)
    unsafe stream.pointee.gzip_flag = UInt16(IGZIP_DEFLATE)
    unsafe stream.pointee.flush = UInt16(isLast ? NO_FLUSH : FULL_FLUSH)
    unsafe stream.pointee.end_of_stream = isLast ? 1 : 0
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress!.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress! + start
    unsafe stream.pointee.avail_out = UInt32(output.count - start)
    guard unsafe isal_deflate(stream) == COMP_OK, unsafe stream.pointee.avail_in == 0, unsafe stream.pointee.avail_out > 0 else {
      return nil
    }
    return unsafe start + Int(stream.pointee.total_out)
  }
}

extension [UInt8] {
  /// Makes it so many bytes long. What is new is not zeroed, and what is never written of it is never paged in.
  ///
  /// - Parameter kept: how many of its first bytes stay.
  mutating func makeRoom(_ count: Int, keeping kept: Int = 0) {
    let old = prefix(kept)
    unsafe self = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      _ = unsafe buffer.initialize(fromContentsOf: old)
      initializedCount = count
    }
  }
}
