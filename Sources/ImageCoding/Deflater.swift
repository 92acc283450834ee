import CISAL
import Glibc

/// Compresses rows of a picture to deflate blocks, some rows at a time.
///
/// A plain picture has hundreds of consecutive rows that equal the row above. They become ``RepeatedRows``: one comparison finds each, and
/// a few bits encode it. A first row of one colour is encoded with them. All other rows go through ISA-L's igzip in place and unfiltered,
/// at level 1, the fastest that finds repetitions.
///
/// The output depends only on the rows and the row above, and ends at a whole byte. The blocks of consecutive rows therefore make one
/// stream, whichever deflater wrote them.
///
/// ISA-L's state and buffers (about 360 KB) are kept from picture to picture.
@safe
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<isal_zstream>
  private let levelBuffer: UnsafeMutableBufferPointer<UInt8>

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
  ///   - isLast: whether the stream ends with them.
  ///   - output: room for ``bound(_:rows:)`` bytes is enough.
  /// - Returns: nil if `output` is too small.
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

  /// Divides the rows into long runs of repeated rows and the rows between them.
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

  /// Compresses one run through ISA-L. The output refers to no earlier rows and ends at a whole byte.
  /// - Returns: the end of the output; nil if `output` is too small.
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
