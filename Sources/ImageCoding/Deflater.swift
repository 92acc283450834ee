import CISAL

/// zlib streams by ISA-L's igzip at level 1, the fastest that finds repeated rows.
///
/// Its state and buffers (about 400 KB) are kept from picture to picture.
@safe
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<isal_zstream>
  private let levelBuffer: UnsafeMutableBufferPointer<UInt8>

  private static let level: UInt32 = 1
  private static let levelBufferSize = cisal_level1_buffer_size

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe levelBuffer = .allocate(capacity: Self.levelBufferSize)
  }

  deinit {
    unsafe stream.deallocate()
    unsafe levelBuffer.deallocate()
  }

  /// Bytes that the stream of so many bytes surely fits in: deflate's stored blocks cost 5 bytes per 65535, zlib's frame 6.
  static func bound(_ count: Int) -> Int { count + count / 65535 * 5 + 1024 }

  /// Compresses `input` into `output`.
  /// - Returns: the bytes written, or nil where `output` is too small.
  borrowing func deflate(_ input: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    unsafe isal_deflate_init(stream)
    unsafe stream.pointee.level = Self.level
    unsafe stream.pointee.level_buf = levelBuffer.baseAddress
    unsafe stream.pointee.level_buf_size = UInt32(levelBuffer.count)
    unsafe stream.pointee.gzip_flag = UInt16(IGZIP_ZLIB)
    unsafe stream.pointee.flush = UInt16(NO_FLUSH)
    unsafe stream.pointee.end_of_stream = 1
    unsafe stream.pointee.next_out = output.baseAddress
    unsafe stream.pointee.avail_out = UInt32(output.count)
    return unsafe input.withUnsafeBufferPointer { input in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      guard unsafe isal_deflate(stream) == COMP_OK, unsafe stream.pointee.internal_state.state == ZSTATE_END else { return nil }
      return unsafe Int(stream.pointee.total_out)
    }
  }
}
