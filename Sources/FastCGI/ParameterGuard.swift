import Glibc

/// Looks at a request's parameters before libfcgi reads them.
///
/// libfcgi asks for as much memory as the lengths of a parameter say, up to 4 GB, and aborts the process if there is none; and it answers a
/// FCGI_GET_VALUES record in a buffer that repeated names overflow. nginx sends neither. So that nobody else who may open the socket can end a worker
/// either, the records are looked at where they lie in the kernel's queue (`MSG_PEEK`): what libfcgi reads afterwards are the same bytes.
@safe
struct ParameterGuard: ~Copyable {
  enum Verdict: Equatable {
    case acceptable
    /// More must come before that can be said.
    case incomplete
    /// libfcgi must not see it.
    case unacceptable
  }

  /// Bytes of all parameters, their records included: nginx takes 32 KiB of headers, and adds some names and values of its own.
  private static let most = 64 << 10
  /// Most requests have fewer, and what follows is the body, which is not worth a copy.
  private static let usual = 4 << 10

  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: most)

  deinit { unsafe buffer.deallocate() }

  /// Decides on the request that has begun to arrive on a descriptor, waiting for the rest of its parameters if need be.
  ///
  /// - Parameter patience: how long to wait. nginx sends them at once.
  func accepts(_ descriptor: CInt, patience: Duration) -> Bool {
    let deadline = ContinuousClock.now + patience
    while true {
      switch peek(descriptor) {
      case .acceptable: return true
      case .unacceptable: return false
      case .incomplete:
        guard .now < deadline, !hasEnded(descriptor) else { return false }
        usleep(1000)
      }
    }
  }

  private func peek(_ descriptor: CInt) -> Verdict {
    for size in [Self.usual, Self.most] {
      let count = unsafe recv(descriptor, buffer.baseAddress, size, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
      // Nothing, or the connection's end: libfcgi knows what to do.
      guard count > 0 else { return count == 0 ? .acceptable : .incomplete }
      let verdict = unsafe Self.verdict(on: Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[..<count])))
      if verdict != .incomplete || count < size { return verdict }
    }
    return .unacceptable
  }

  /// Whether the other side has closed, so that no more will come.
  private func hasEnded(_ descriptor: CInt) -> Bool {
    var watched = pollfd(fd: descriptor, events: Self.closed, revents: 0)
    return unsafe poll(&watched, 1, 0) > 0 && watched.revents & (Self.closed | Int16(POLLHUP | POLLERR)) != 0
  }

  /// POLLRDHUP, which Swift does not see.
  private static let closed: Int16 = 0x2000

  /// Decides on the records that have come (FastCGI 1.0, sections 3.3, 3.4 and 4.1).
  static func verdict(on bytes: Span<UInt8>) -> Verdict {
    var lengths = ParameterLengths()
    var position = 0
    while position + Record.headerSize <= bytes.count {
      let type = bytes[position + 1]
      let length = Int(bytes[position + 4]) << 8 | Int(bytes[position + 5])
      let (start, padding) = (position + Record.headerSize, Int(bytes[position + 6]))
      // One beginning, then parameters of the same request: libfcgi passes over records of others, behind which some could hide.
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

  /// The lengths in a stream of parameters, which may be cut into records anywhere: that of a name, that of a value, both.
  private struct ParameterLengths {
    /// Bytes of the name and the value that are passed over.
    private var skipping = 0
    /// The length that is being read, its bytes that are to come, and which of the two it is.
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
