import CFastCGI
import Glibc
import SystemCalls

/// A request whose head libfcgi has read. Its body stays with nginx until ``read()``.
@safe
final class UnreadRequest: @unchecked Sendable {
  // Only one thread has it at a time: the loop hands it over before it is read.
  private let request: UnsafeMutablePointer<FCGX_Request>
  private let bodyLimit: Int
  private let variables: CGIParameters
  private let announced: Announcement
  private let coding: ContentCoding
  /// When its head had been read. The client's wait begins here, even if the body is read later.
  private let arrival = Instant.now

  /// The value of Content-Length.
  private enum Announcement {
    case bytes(Int)
    case unreadable(String)
  }

  /// Takes over a request that libfcgi has accepted.
  init(_ request: UnsafeMutablePointer<FCGX_Request>, bodyLimit: Int) {
    unsafe self.request = request
    self.bodyLimit = bodyLimit
    variables = unsafe Self.variables(of: request)
    let length = variables["CONTENT_LENGTH"] ?? ""
    coding = length.isEmpty ? .identity : ContentCoding(variables.headerList("Content-Encoding"))
    let count = length.isEmpty ? 0 : Int(length)
    announced = count.flatMap { $0 < 0 ? nil : .bytes($0) } ?? .unreadable(length)
  }

  deinit {
    // Drops libfcgi's reader and writers; the connection does not belong to them.
    unsafe FCGX_Free(request, 0)
    unsafe request.deallocate()
  }

  var id: UInt16 { unsafe UInt16(truncatingIfNeeded: request.pointee.requestId) }

  var keepsConnection: Bool { unsafe request.pointee.keepConnection != 0 }

  /// Bytes of memory that ``read()`` takes for the body: for a compressed one, the most that it can become.
  var bodyCount: Int {
    guard case .bytes(let count) = announced, count <= bodyLimit else { return 0 }
    return coding == .identity ? count : min(bodyLimit, count * ContentCoding.greatestRatio)
  }

  /// Whether ``read()`` reads at most `limit` bytes. A body larger than the server accepts must be read too, and dropped. A compressed body
  /// is not small, because nobody knows how long it becomes.
  func isSmall(atMost limit: Int) -> Bool {
    switch announced {
    case .bytes(let count): count == 0 || coding == .identity && count <= limit
    case .unreadable: false
    }
  }

  /// Reads the rest of the request. Must be called once. Each read blocks for at most the descriptor's SO_RCVTIMEO.
  func read() -> Request {
    var request = head
    request.body = body()
    return request
  }

  /// The request without its body.
  var head: Request {
    let target = variables["REQUEST_URI"] ?? ""
    let bytes = target.utf8.span
    let mark = bytes.indices.first { bytes[$0] == UInt8(ascii: "?") }.map { target.utf8.index(target.startIndex, offsetBy: $0) }
    var request = Request(
      method: variables["REQUEST_METHOD"] ?? "", path: mark.map { String(target[..<$0]) } ?? target,
      query: mark.map { String(target[target.utf8.index(after: $0)...]) } ?? "", variables: variables)
    request.arrival = arrival
    return request
  }

  private static func variables(of request: UnsafeMutablePointer<FCGX_Request>) -> CGIParameters {
    var variables = CGIParameters(reservingFor: 32, bytes: 1024)
    guard var next = unsafe request.pointee.envp else { return variables }
    while let entry = unsafe next.pointee {
      if let equals = unsafe strchr(entry, CInt(UInt8(ascii: "="))) {
        let length = unsafe equals - entry + strlen(equals)
        unsafe variables.append(assignment: UnsafeRawBufferPointer(start: entry, count: length), equals: equals - entry)
      }
      unsafe next += 1
    }
    return variables
  }

  /// Reads the body to its end, so that none of its bytes is taken for the next request.
  ///
  /// It is whole only if libfcgi reports no error *and* the number of bytes is the announced one: a read that ends because of a signal or a
  /// timeout looks like the end of the body.
  private func body() -> Request.Body {
    let announced: Int
    switch self.announced {
    case .unreadable(let text): return .lengthUnreadable(text)
    case .bytes(let count): announced = count
    }
    guard announced <= bodyLimit else {
      return drain() ? .tooLarge(announced: announced, limit: bodyLimit) : .incomplete(received: 0, announced: announced)
    }
    guard announced == 0 || coding == .identity else { return decodedBody(announced: announced) }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: announced) { buffer, count in
      unsafe count = read(into: buffer)
    }
    let isOver = drain(atMost: 0)
    guard bytes.count == announced, isOver else { return .incomplete(received: bytes.count, announced: announced) }
    return .whole(bytes)
  }

  /// Decompresses the body while it is read, so that only the result is in memory.
  private func decodedBody(announced: Int) -> Request.Body {
    if case .unsupported(let name) = coding {
      return drain() ? .undecodable(.unsupported(name)) : .incomplete(received: 0, announced: announced)
    }
    var decoder = ContentDecoder(coding, limit: bodyLimit)
    var problem: ContentCodingError?
    let received = unsafe readPieces { piece in
      guard problem == nil else { return }
      do throws(ContentCodingError) { unsafe try decoder.append(piece) } catch { problem = error }
    }
    guard received == announced, unsafe FCGX_GetError(request.pointee.in) == 0 else {
      return .incomplete(received: received, announced: announced)
    }
    do throws(ContentCodingError) {
      if let problem { throw problem }
      return .whole(try decoder.finish())
    } catch {
      return .undecodable(error)
    }
  }

  /// Reads the body to its end, 64 KiB at a time.
  /// - Returns: the number of bytes.
  private func readPieces(_ take: (UnsafeBufferPointer<UInt8>) -> Void) -> Int {
    var received = 0
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64 << 10) { buffer in
      while true {
        let count = unsafe read(into: buffer)
        received += count
        unsafe take(UnsafeBufferPointer(rebasing: buffer[..<count]))
        if count < buffer.count { return }
      }
    }
    return received
  }

  private func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard let start = buffer.baseAddress, buffer.count > 0 else { return 0 }
    return unsafe start.withMemoryRebound(to: CChar.self, capacity: buffer.count) {
      Int(unsafe FCGX_GetStr($0, CInt(buffer.count), request.pointee.in))
    }
  }

  /// Reads and drops the rest of the body.
  /// - Returns: whether the body ended without an error, with at most `limit` bytes left.
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
