/// Compresses rows of a picture to deflate blocks, some rows at a time.
///
/// The output depends only on the rows and the row above, and ends at a whole byte. The blocks of consecutive rows therefore make one
/// stream, whichever deflater wrote them.
///
/// The buffers (about 220 KB) are kept from picture to picture.
struct Deflater: ~Copyable {
  private var compressor = RowCompressor()

  /// An upper bound of the compressed size. In deflate's fixed codes, which are used if nothing is shorter, a byte takes at most 9 bits, and a
  /// match fewer bits than its bytes. A block begins and ends with 10 bits and stands for at least ``TokenBuffer/capacity`` bytes, save for its
  /// slack, unless it is the last. An empty block of 5 bytes may follow, and then what ``BitWriter`` needs.
  static func bound(_ count: Int) -> Int { count + count / 8 + count / TokenBuffer.capacity * 4 + 64 }

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
  ///   - output: room for ``bound(_:)`` bytes is enough.
  /// - Returns: nil if `output` is too small.
  mutating func write(_ rows: PictureRows, isLast: Bool, to output: UnsafeMutableBufferPointer<UInt8>) -> Blocks? {
    guard rows.count > 0 else { return Blocks() }
    let filter = compressor.cheapestFilter(for: rows)
    var stream = unsafe RowStream(rows, filter: filter, to: output)
    guard compressor.write(rows, to: &stream), compressor.finish(isLast: isLast, &stream) else { return nil }
    return Blocks(count: stream.output.count, checksum: stream.checksum)
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
