import Dispatch
import Glibc
import Synchronization

/// An HTTP server on 127.0.0.1 that records what it is sent.
final class LoopbackServer: Sendable {
  struct Received: Sendable {
    var headers: [String: String] = [:]
    var target = ""
    var body = ""
  }

  private let listener: CInt
  let port: UInt16
  private let received = Mutex<[Received]>([])
  private let statuses: Mutex<[Int]>

  /// - Parameter statuses: of the responses, one after the other; then 200. 0 closes the connection without a response.
  init(statuses: [Int] = []) {
    self.statuses = Mutex(statuses)
    listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    port = withUnsafeMutablePointer(to: &address) { [listener] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length)
        listen(listener, 16)
        getsockname(listener, pointer, &length)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
    DispatchQueue(label: "loopback").async { [weak self, listener] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let self else { break }
        serve(connection)
        close(connection)
      }
    }
  }

  deinit {
    shutdown(listener, CInt(SHUT_RDWR))
    close(listener)
  }

  var url: String { "http://127.0.0.1:\(port)/hooks?a=b" }

  var all: [Received] { received.withLock { $0 } }

  /// Waits for so many requests.
  func wait(for count: Int) -> [Received] {
    let end = ContinuousClock.now + .seconds(20)
    while all.count < count, .now < end { usleep(2000) }
    return all
  }

  private func serve(_ connection: CInt) {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 4096)
    var request = Received()
    while true {
      let count = recv(connection, &room, room.count, 0)
      guard count > 0 else { return }
      bytes += room[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
      let lines = text[..<end.lowerBound].split(separator: "\r\n")
      request.target = String(lines[0])
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        request.headers[parts[0].lowercased()] = String(parts[1].dropFirst())
      }
      request.body = String(text[end.upperBound...])
      if request.body.utf8.count >= Int(request.headers["content-length"] ?? "") ?? 0 { break }
    }
    received.withLock { $0.append(request) }
    let status = statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
    guard status > 0 else { return }
    let response = Array("HTTP/1.1 \(status) Whatever\r\nContent-Length: 0\r\n\r\n".utf8)
    send(connection, response, response.count, CInt(MSG_NOSIGNAL))
  }
}
