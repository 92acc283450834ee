import CISAL
import Glibc

/// Rows of a picture to one zlib stream, all at once or band by band.
///
/// Rows that equal the row above, of which a plain picture has hundreds in a row, become ``RepeatedRows``: found by one comparison, and
/// written in a few bits each; with them goes a first row of one colour. All other rows go through ISA-L's igzip at level 1, the fastest
/// that finds repetitions, where they lie and unfiltered.
///
/// ISA-L's state and buffers (about 360 KB) are kept from picture to picture.
@safe
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<isal_zstream>
  private let levelBuffer: UnsafeMutableBufferPointer<UInt8>
  private var stride = 0
  private var pixelStride = 0
  private var checksum = Adler32()
  /// The row above the next band; empty before the first.
  private var rowAbove: [UInt8] = []
  /// Bytes of the stream so far.
  private(set) var count = 0

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

  /// Bytes that a band of so many bytes surely fits in: stored blocks cost 5 bytes per 65535, and each change between repeated and other
  /// rows less than the 512 that are put aside.
  static func bound(_ count: Int, rows: Int) -> Int { count + count / 65535 * 5 + (rows / shortestRun + 1) * 512 + 1024 }

  /// Begins a stream.
  ///
  /// - Parameters:
  ///   - stride: bytes of a row, the filter byte included.
  ///   - pixelStride: bytes of a pixel.
  mutating func begin(stride: Int, pixelStride: Int) {
    (self.stride, self.pixelStride) = (stride, pixelStride)
    (checksum, count) = (Adler32(), 0)
    rowAbove.removeAll(keepingCapacity: true)
  }

  /// Compresses the rows that come next, filter bytes first, and with the last ones ends the stream.
  ///
  /// - Parameter output: holds the stream so far; with ``bound(_:rows:)`` more there is room enough.
  /// - Returns: false where `output` is too small.
  mutating func add(_ rows: Span<UInt8>, isLast: Bool, to output: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    unsafe rows.withUnsafeBytes { rows in
      guard output.count - count >= 6 else { return false }
      // zlib's header (RFC 1950, section 2.2): a window of 32 KiB, the fastest algorithm.
      if count == 0 { unsafe (output[0], output[1], count) = (0x78, 0x01, 2) }
      for run in unsafe runs(rows) {
        guard unsafe add(run, of: rows, isLast: isLast && run.rows.upperBound * stride == rows.count, to: output) else { return false }
      }
      guard isLast else {
        unsafe rowAbove.replaceSubrange(0..<rowAbove.count, with: rows.suffix(stride))
        return true
      }
      guard count + 4 <= output.count else { return false }
      for shift in [24, 16, 8, 0] {
        unsafe output[count] = UInt8(truncatingIfNeeded: checksum.value >> UInt32(shift))
        count += 1
      }
      return true
    }
  }

  private mutating func add(
    _ run: Run, of rows: UnsafeRawBufferPointer, isLast: Bool, to output: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    guard run.isRepeated else {
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: rows[run.rows.lowerBound * stride..<run.rows.upperBound * stride])
      unsafe checksum.add(bytes)
      guard let end = unsafe compress(bytes, isLast: isLast, into: output, from: count) else { return false }
      count = end
      return true
    }
    let isFirst = run.rows.lowerBound == 0 && rowAbove.isEmpty
    let pixel = isFirst ? unsafe Array(rows[1..<1 + pixelStride]) : []
    var writer = unsafe BitWriter(output, from: count)
    RepeatedRows(stride: stride, startingWith: pixel).write(run.rows.count, isLast: isLast, to: &writer, checksum: &checksum)
    count = writer.count
    return true
  }

  private struct Run {
    var rows: Range<Int>
    var isRepeated: Bool
  }

  /// Divides the rows into long runs of repeated ones and what lies between.
  private func runs(_ rows: UnsafeRawBufferPointer) -> [Run] {
    let count = rows.count / stride
    var runs: [Run] = []
    var done = 0
    var row = 0
    while row < count {
      let start = row
      while row < count, unsafe repeats(row, of: rows) { row += 1 }
      if row - start >= Self.shortestRun {
        runs += [Run(rows: done..<start, isRepeated: false), Run(rows: start..<row, isRepeated: true)]
        done = row
      }
      row += 1
    }
    if done < count { runs.append(Run(rows: done..<count, isRepeated: false)) }
    return runs.filter { !$0.rows.isEmpty }
  }

  /// Whether a row equals the one above; of the picture's first one, whether each of its pixels equals the one before.
  private func repeats(_ row: Int, of rows: UnsafeRawBufferPointer) -> Bool {
    let start = unsafe rows.baseAddress! + row * stride
    if row > 0 { return unsafe memcmp(start, start - stride, stride) == 0 }
    if !rowAbove.isEmpty { return unsafe rowAbove.withUnsafeBytes { unsafe memcmp(start, $0.baseAddress!, stride) == 0 } }
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
