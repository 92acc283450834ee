import Glibc
import SystemCalls

/// Checks a request's parameters before libfcgi reads them.
///
/// libfcgi allocates as much memory as the length of a parameter announces, up to 4 GB, and aborts the process if that fails. It also
/// answers a FCGI_GET_VALUES record from a buffer that repeated names overflow. nginx sends neither, but any other process that can open
/// the socket could end a worker this way. The records are therefore checked in the kernel's queue (`MSG_PEEK`); libfcgi then reads the
/// same bytes.
@safe
struct ParameterGuard: ~Copyable {
  enum Verdict: Equatable {
    case acceptable
    /// Undecided until more bytes arrive.
    case incomplete
    /// libfcgi must not read it.
    case unacceptable
  }

  /// Bytes of all parameters with their records: nginx accepts 32 KiB of headers, and adds some names and values of its own.
  private static let most = 64 << 10
  /// Most requests have fewer; the bytes that follow are the body, which need not be copied.
  private static let usual = 4 << 10

  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: most)

  deinit { unsafe buffer.deallocate() }

  /// Decides on the request that has begun to arrive on a descriptor, and waits for the rest of its parameters if necessary.
  ///
  /// - Parameter patience: how long to wait. nginx sends the parameters at once.
  func accepts(_ descriptor: CInt, patience: Duration) -> Bool {
    var deadline: Instant?
    while true {
      switch peek(descriptor) {
      case .acceptable: return true
      case .unacceptable: return false
      case .incomplete:
        let end = deadline ?? .now + patience
        guard .now < end, !hasEnded(descriptor) else { return false }
        deadline = end
        usleep(1000)
      }
    }
  }

  private func peek(_ descriptor: CInt) -> Verdict {
    for size in [Self.usual, Self.most] {
      let count = unsafe recv(descriptor, buffer.baseAddress, size, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
      // No bytes, or the end of the connection: libfcgi handles both.
      guard count > 0 else { return count == 0 ? .acceptable : .incomplete }
      let verdict = unsafe Self.verdict(on: Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[..<count])))
      if verdict != .incomplete || count < size { return verdict }
    }
    return .unacceptable
  }

  /// Whether the other side has closed, so that nothing more arrives.
  private func hasEnded(_ descriptor: CInt) -> Bool {
    var watched = pollfd(fd: descriptor, events: Self.closed, revents: 0)
    return unsafe poll(&watched, 1, 0) > 0 && watched.revents & (Self.closed | Int16(POLLHUP | POLLERR)) != 0
  }

  /// POLLRDHUP, which Swift does not import.
  private static let closed: Int16 = 0x2000

  /// Decides on the records that have arrived (FastCGI 1.0, sections 3.3, 3.4 and 4.1).
  static func verdict(on bytes: Span<UInt8>) -> Verdict {
    var lengths = ParameterLengths()
    var position = 0
    while position + Record.headerSize <= bytes.count {
      let type = bytes[position + 1]
      let length = Int(bytes[position + 4]) << 8 | Int(bytes[position + 5])
      let (start, padding) = (position + Record.headerSize, Int(bytes[position + 6]))
      // Accept one begin record, then parameters of the same request. libfcgi skips records of other requests, so parameters could be
      // hidden there.
      guard bytes[position] == 1, type == (position == 0 ? beginRequest : parameters),
        bytes[position + 2] == bytes[2], bytes[position + 3] == bytes[3]
      else { return .unacceptable }
      if type == parameters {
        if length == 0 { return .acceptable }
        guard lengths.take(bytes.extracting(min(start, bytes.count)..<min(start + length, bytes.count))) else { return .unacceptable }
      }
      position = start + length + padding
    }
    return .incomplete
  }

  private static let beginRequest: UInt8 = 1
  private static let parameters: UInt8 = 4

  /// The lengths in a stream of parameters: name length, value length, name and value. A record may end anywhere in it.
  private struct ParameterLengths {
    /// Bytes of the current name and value that are left to skip.
    private var skipping = 0
    /// The length being read, the number of its bytes still to come, and whether it is the length of the value.
    private var length = 0
    private var bytesToCome = 0
    private var isValue = false

    /// - Returns: whether each name and value is short enough.
    mutating func take(_ content: Span<UInt8>) -> Bool {
      var position = 0
      while position < content.count {
        if skipping > 0 {
          let step = min(skipping, content.count - position)
          skipping -= step
          position += step
          continue
        }
        let byte = content[position]
        position += 1
        if bytesToCome > 0 {
          length = length << 8 | Int(byte)
          bytesToCome -= 1
        } else if byte & 0x80 != 0 {
          (length, bytesToCome) = (Int(byte & 0x7f), 3)
        } else {
          length = Int(byte)
        }
        guard bytesToCome == 0 else { continue }
        guard length <= ParameterGuard.most else { return false }
        nameAndValue += length
        if isValue { (skipping, nameAndValue) = (nameAndValue, 0) }
        isValue.toggle()
      }
      return true
    }

    private var nameAndValue = 0
  }
}
