import CISAL
import Glibc

/// Rows of a picture to one zlib stream.
///
/// Rows that equal the row above, of which a plain picture has hundreds in a row, become ``RepeatedRows``: found by one comparison, and
/// written in a few bits each; with them goes a first row of one colour. All other rows go through ISA-L's igzip at level 1, the fastest that finds repetitions, where they lie and
/// unfiltered.
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

  /// Bytes that the stream of so many bytes surely fits in: stored blocks cost 5 bytes per 65535, and each change between repeated and other
  /// rows less than the 512 that are put aside.
  static func bound(_ count: Int, rows: Int) -> Int { count + count / 65535 * 5 + (rows / shortestRun + 1) * 512 + 1024 }

  /// Compresses rows of `stride` bytes, filter bytes first, into `output`.
  ///
  /// - Parameter pixelStride: bytes of a pixel.
  /// - Returns: the bytes written, or nil where `output` is too small.
  borrowing func deflate(_ rows: Span<UInt8>, stride: Int, pixelStride: Int, into output: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    unsafe rows.withUnsafeBytes { rows in
      guard output.count >= 6 else { return nil }
      // zlib's header (RFC 1950, section 2.2): a window of 32 KiB, the fastest algorithm.
      unsafe (output[0], output[1]) = (0x78, 0x01)
      var count = 2
      var checksum = Adler32()
      for run in unsafe Self.runs(rows, stride: stride, pixelStride: pixelStride) {
        let isLast = run.rows.upperBound * stride == rows.count
        if run.isRepeated {
          let pixel = run.rows.lowerBound == 0 ? unsafe Array(rows[1..<1 + pixelStride]) : []
          var writer = unsafe BitWriter(output, from: count)
          RepeatedRows(stride: stride, startingWith: pixel).write(run.rows.count, isLast: isLast, to: &writer, checksum: &checksum)
          count = writer.count
        } else {
          let bytes = unsafe UnsafeRawBufferPointer(rebasing: rows[run.rows.lowerBound * stride..<run.rows.upperBound * stride])
          unsafe checksum.add(bytes)
          guard let end = unsafe compress(bytes, isLast: isLast, into: output, from: count) else { return nil }
          count = end
        }
      }
      guard count + 4 <= output.count else { return nil }
      for shift in [24, 16, 8, 0] {
        unsafe output[count] = UInt8(truncatingIfNeeded: checksum.value >> UInt32(shift))
        count += 1
      }
      return count
    }
  }

  private struct Run {
    var rows: Range<Int>
    var isRepeated: Bool
  }

  /// Divides the rows into long runs of repeated ones and what lies between.
  private static func runs(_ rows: UnsafeRawBufferPointer, stride: Int, pixelStride: Int) -> [Run] {
    let count = rows.count / stride
    var runs: [Run] = []
    var done = 0
    var row = 0
    while row < count {
      let start = row
      while row < count, unsafe repeats(row, of: rows, stride: stride, pixelStride: pixelStride) { row += 1 }
      if row - start >= shortestRun {
        runs += [Run(rows: done..<start, isRepeated: false), Run(rows: start..<row, isRepeated: true)]
        done = row
      }
      row += 1
    }
    if done < count { runs.append(Run(rows: done..<count, isRepeated: false)) }
    return runs.filter { !$0.rows.isEmpty }
  }

  /// Whether a row equals the one above; of the first one, whether each of its pixels equals the one before.
  private static func repeats(_ row: Int, of rows: UnsafeRawBufferPointer, stride: Int, pixelStride: Int) -> Bool {
    let start = unsafe rows.baseAddress! + row * stride
    guard row == 0 else { return unsafe memcmp(start, start - stride, stride) == 0 }
    return unsafe memcmp(start + 1 + pixelStride, start + 1, stride - 1 - pixelStride) == 0
  }

  /// Writes one run through ISA-L. Nothing in it refers to what came before, and it ends at a whole byte.
  /// - Returns: where it ends, or nil where `output` is too small.
  private borrowing func compress(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableBufferPointer<UInt8>, from start: Int
  ) -> Int? {
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
