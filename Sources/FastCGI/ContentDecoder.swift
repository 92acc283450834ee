import CZlib
import Glibc

/// Decompresses a body piece by piece. Neither the result nor the time can exceed a limit, whatever the bytes are.
@safe
struct ContentDecoder: ~Copyable {
  private let coding: ContentCoding
  private let limit: Int
  private let patience: Duration
  private var inflater: Inflater?
  private var output: [UInt8] = []
  private var spent = Duration.zero

  /// Bytes that are decompressed in one step.
  private static let step = 64 << 10

  /// - Parameters:
  ///   - coding: gzip or deflate.
  ///   - limit: bytes of the longest result.
  ///   - patience: processor time for the whole body. 52 MiB take about 0.2 s. A stream of empty blocks is slow to read although it yields
  ///     nothing.
  init(_ coding: ContentCoding, limit: Int, patience: Duration = .seconds(2)) {
    (self.coding, self.limit, self.patience) = (coding, limit, patience)
  }

  /// Decompresses the next piece. The first one must have two bytes, unless the body is shorter.
  mutating func append(_ input: UnsafeBufferPointer<UInt8>) throws(ContentCodingError) {
    let began = ThreadClock.now()
    defer { spent += ThreadClock.now() - began }
    guard spent <= patience else { throw .tooSlow }
    if inflater == nil { inflater = unsafe Inflater(coding == .gzip ? .gzip : Self.isZlib(input) ? .zlib : .raw) }
    var input = unsafe UnsafeMutableBufferPointer(mutating: input)
    while !input.isEmpty {
      if inflater?.isAtEnd == true {
        // A gzip file may have several members (RFC 1952, section 2.2).
        guard coding == .gzip else { throw corrupt("there are bytes after its end") }
        inflater?.startAgain()
      }
      unsafe try inflate(&input)
    }
  }

  private mutating func inflate(_ input: inout UnsafeMutableBufferPointer<UInt8>) throws(ContentCodingError) {
    var problem: ContentCodingError?
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.step) { room in
      repeat {
        guard let written = unsafe inflater?.inflate(&input, into: room) else {
          problem = corrupt("its bytes are damaged, or are not compressed at all")
          return
        }
        guard written <= limit - output.count else {
          problem = .tooLarge(limit: limit)
          return
        }
        unsafe output.append(contentsOf: room[..<written])
        // The step may have ended because there is no more room, while there is more output.
        if written < room.count { return }
      } while inflater?.isAtEnd == false
    }
    if let problem { throw problem }
  }

  /// - Returns: the whole body, which is no longer kept here.
  mutating func finish() throws(ContentCodingError) -> [UInt8] {
    guard inflater?.isAtEnd == true else { throw corrupt("it ends early") }
    defer { output = [] }
    return output
  }

  private func corrupt(_ reason: String) -> ContentCodingError {
    .corrupt(coding: coding == .gzip ? "gzip" : "deflate", reason: reason)
  }

  /// Whether the bytes begin with the two of a zlib stream (RFC 1950, section 2.2).
  private static func isZlib(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count >= 2 else { return true }
    let (method, flags) = unsafe (bytes[0], bytes[1])
    return method & 0x0f == 8 && method >> 4 <= 7 && (Int(method) << 8 | Int(flags)) % 31 == 0
  }
}

/// zlib's state for one stream.
///
/// Not private: the compiler (Swift 6.3.1) fails in debug mode if a structure that cannot be copied stores a private one.
@safe
struct Inflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isAtEnd = false

  /// The container of a deflate stream, as zlib's `windowBits`.
  enum Container: CInt {
    case gzip = 31
    case zlib = 15
    case raw = -15
  }

  /// - Returns: nil if there is no memory for 40 KB.
  init?(_ container: Container) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe inflateInit2_(stream, container.rawValue, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  mutating func startAgain() {
    unsafe inflateReset(stream)
    isAtEnd = false
  }

  /// Decompresses as much as there is input and room for, and removes what was read from the input.
  /// - Returns: the number of bytes written; nil if the bytes are invalid.
  mutating func inflate(_ input: inout UnsafeMutableBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    unsafe stream.pointee.next_in = input.baseAddress
    unsafe stream.pointee.avail_in = CUnsignedInt(input.count)
    unsafe stream.pointee.next_out = room.baseAddress
    unsafe stream.pointee.avail_out = CUnsignedInt(room.count)
    let result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
    unsafe input = UnsafeMutableBufferPointer(rebasing: input.suffix(Int(stream.pointee.avail_in)))
    isAtEnd = result == Z_STREAM_END
    // Without input or room, nothing happens, which is no error.
    guard result == Z_OK || result == Z_BUF_ERROR || isAtEnd else { return nil }
    return unsafe room.count - Int(stream.pointee.avail_out)
  }
}

/// The processor time of the calling thread.
private enum ThreadClock {
  static func now() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
