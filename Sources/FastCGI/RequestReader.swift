import CFastCGI
import Glibc

/// Reads requests off connections with libfcgi's parser.
///
/// libfcgi means to own its connections: to accept them, and to block on the kept ones. The loop watches them instead, so this file uses
/// public fields of `FCGX_Request` in a way that the library does not document: put a connected descriptor into `ipcFd`, claim that it is
/// kept, and call `FCGX_Accept_r`, which then parses from it. With `listen_sock` at -1 it can accept nothing itself, so it returns an error
/// where the connection ends instead of waiting for another one. Answers are ours: `FCGX_Free` without closing drops libfcgi's writers.
@safe
struct RequestReader: ~Copyable {
  private let request: UnsafeMutablePointer<FCGX_Request>
  private let bodyLimit: Int

  /// - Parameter bodyLimit: bytes of the largest body that is read.
  init(bodyLimit: Int) {
    self.bodyLimit = bodyLimit
    // libfcgi waits up to 2 s for the peer when it closes a connection; the loop must not.
    unsafe setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1)
    FCGX_Init()
    unsafe request = .allocate(capacity: 1)
    unsafe FCGX_InitRequest(request, -1, 0)
  }

  deinit { unsafe request.deallocate() }

  /// What was on a connection.
  enum Outcome {
    case request(Request, id: UInt16, keepsConnection: Bool)
    /// The connection ended or spoke something else, and libfcgi has closed it.
    case closed
  }

  /// Reads one request from a descriptor that is readable. Blocks for at most the descriptor's SO_RCVTIMEO.
  borrowing func read(from descriptor: CInt) -> Outcome {
    unsafe request.pointee.ipcFd = descriptor
    unsafe request.pointee.keepConnection = 1
    unsafe request.pointee.in = nil
    unsafe request.pointee.out = nil
    unsafe request.pointee.err = nil
    guard unsafe FCGX_Accept_r(request) == 0 else {
      unsafe request.pointee.ipcFd = -1
      return .closed
    }
    let parsed = parse()
    let id = unsafe UInt16(truncatingIfNeeded: request.pointee.requestId)
    let keepsConnection = unsafe request.pointee.keepConnection != 0
    unsafe FCGX_Free(request, 0)
    unsafe request.pointee.ipcFd = -1
    return .request(parsed, id: id, keepsConnection: keepsConnection)
  }

  private func parse() -> Request {
    var variables = variables()
    let target = variables["REQUEST_URI"] ?? ""
    let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
    let length = variables.removeValue(forKey: "CONTENT_LENGTH") ?? ""
    return Request(
      method: variables["REQUEST_METHOD"] ?? "", path: String(target[..<(mark ?? target.endIndex)]),
      query: mark.map { String(target[target.utf8.index(after: $0)...]) } ?? "", variables: variables,
      body: body(announced: length))
  }

  private func variables() -> [String: String] {
    var variables: [String: String] = [:]
    variables.reserveCapacity(32)
    guard var next = unsafe request.pointee.envp else { return variables }
    while let entry = unsafe next.pointee {
      if let equals = unsafe strchr(entry, CInt(UInt8(ascii: "="))) {
        let name = unsafe UnsafeRawBufferPointer(start: entry, count: equals - entry)
        variables[unsafe String(decoding: name, as: UTF8.self)] = unsafe String(cString: equals + 1)
      }
      unsafe next += 1
    }
    return variables
  }

  /// Reads the body to its very end, so that no byte of it is taken for the next request's.
  ///
  /// It is whole only if libfcgi reports no error *and* there are as many bytes as were announced: a read that a signal or a timeout ends
  /// looks like the end of the body.
  private func body(announced text: String) -> Request.Body {
    guard let announced = text.isEmpty ? 0 : Int(text), announced >= 0 else { return .lengthUnreadable(text) }
    guard announced <= bodyLimit else {
      return drain() ? .tooLarge(announced: announced, limit: bodyLimit) : .incomplete(received: 0, announced: announced)
    }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: announced) { buffer, count in
      unsafe count = read(into: buffer)
    }
    let isOver = drain(atMost: 0)
    guard bytes.count == announced, isOver else { return .incomplete(received: bytes.count, announced: announced) }
    return .whole(bytes)
  }

  private func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard let start = buffer.baseAddress, buffer.count > 0 else { return 0 }
    return unsafe start.withMemoryRebound(to: CChar.self, capacity: buffer.count) {
      Int(unsafe FCGX_GetStr($0, CInt(buffer.count), request.pointee.in))
    }
  }

  /// Reads and drops what is left of the body.
  /// - Returns: whether the body ended properly, with no more than so many bytes left.
  private func drain(atMost limit: Int = .max) -> Bool {
    var dropped = 0
    let isOver = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8192) { buffer in
      while true {
        let count = unsafe read(into: buffer)
        dropped += count
        if count < buffer.count { return unsafe FCGX_GetError(request.pointee.in) == 0 }
        if dropped > limit { return false }
      }
    }
    return isOver && dropped <= limit
  }
}
