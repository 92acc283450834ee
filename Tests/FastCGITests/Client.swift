import Glibc
import SystemCalls

/// nginx's side of a connection: writes requests and reads responses, record by record.
final class Client {
  private let descriptor: CInt
  /// Serves as long as it has a client.
  private let server: Server
  /// The part of the current response that has arrived.
  private(set) var output = ""
  /// Number of times that nothing came for half a second before more did.
  private(set) var waits = 0

  init(_ server: Server) {
    self.server = server
    descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    let connected = withAddress(server.path) { connect(descriptor, $0, $1) }
    precondition(connected == 0)
    var time = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  struct Answer: Equatable {
    var head: String
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  func send(
    _ method: String, _ target: String, body: [UInt8] = [], announced: Int? = nil, headers: [(String, String)] = [], keeping: Bool = true
  ) {
    let length = announced ?? body.count
    var bytes = record(1, [0, 1, keeping ? 1 : 0, 0, 0, 0, 0, 0])
    let parameters =
      [("REQUEST_METHOD", method), ("REQUEST_URI", target), ("CONTENT_LENGTH", "\(length)"), ("HTTP_X_TEST", "yes")] + headers
    bytes += record(4, parameters.flatMap { [UInt8($0.utf8.count), UInt8($1.utf8.count)] + $0.utf8 + $1.utf8 }) + record(4, [])
    for start in stride(from: 0, to: body.count, by: 60_000) {
      bytes += record(5, Array(body[start..<min(start + 60_000, body.count)]))
    }
    write(bytes + record(5, []))
  }

  /// Writes bytes unchanged.
  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL)) }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Reads one complete response; nil if the connection ends or falls silent before that.
  func receive() -> Answer? {
    var output: [UInt8] = []
    defer { self.output = String(decoding: output, as: UTF8.self) }
    while let (type, content) = receiveRecord() {
      switch type {
      case 6: output += content
      case 3: return answer(output)
      default: return nil
      }
    }
    return nil
  }

  /// Whether the last response was read up to its end.
  private(set) var hasEnded = false

  /// Reads a part of a response, head included.
  ///
  /// - Parameter end: a text with which a record ends; nil: the end of the response or of the connection.
  func receiveText(until end: String?) -> String {
    var output: [UInt8] = []
    while let (type, content) = receiveRecord() {
      hasEnded = type == 3
      if type == 6 { output += content }
      if hasEnded || end.map({ String(decoding: output, as: UTF8.self).hasSuffix($0) }) == true { break }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Reads and forgets whatever comes, until the connection ends.
  func drain() { while receiveRecord().map({ hasEnded = $0.type == 3 }) != nil {} }

  /// Whether the server has closed the connection.
  func isClosed() -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, 0)
    // The reset occurs if the server had not read everything.
    return count == 0 || count < 0 && errno == ECONNRESET
  }

  private func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 0xff), 0, 0] + content
  }

  private func receiveRecord() -> (type: UInt8, content: [UInt8])? {
    guard let header = receiveBytes(8), let content = receiveBytes(Int(header[4]) << 8 | Int(header[5])),
      receiveBytes(Int(header[6])) != nil
    else { return nil }
    return (header[1], content)
  }

  private func receiveBytes(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let before = Instant.now
      let step = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + received, count - received, 0) }
      guard step > 0 else { return nil }
      if Instant.now - before >= .milliseconds(500) { waits += 1 }
      received += step
    }
    return bytes
  }

  private func answer(_ output: [UInt8]) -> Answer? {
    let separator = Array("\r\n\r\n".utf8)
    guard let end = output.indices.first(where: { output[$0...].starts(with: separator) }) else { return nil }
    return Answer(head: String(decoding: output[..<end], as: UTF8.self), body: Array(output[(end + 4)...]))
  }
}
