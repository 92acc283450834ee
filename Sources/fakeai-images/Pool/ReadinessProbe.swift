import Glibc
import SystemCalls
import SystemPackage

/// Checks whether a worker answers through nginx.
enum ReadinessProbe {
  /// Whether GET /readyz answers 200 within a quarter of a second.
  static func answers(at address: SocketAddress) -> Bool {
    (try? statusLine(of: "/readyz", at: address))?.hasPrefix("HTTP/1.1 200") == true
  }

  private static func statusLine(of path: String, at address: SocketAddress) throws(Errno) -> String {
    let client = FileHandle(owning: try systemCall { socket(address.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] { try bound(option, of: client.rawValue, to: .milliseconds(250)) }
    try unsafe address.withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe connect(client.rawValue, address, length) }
    }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    try systemCall { unsafe send(client.rawValue, request, request.count, CInt(MSG_NOSIGNAL)) }
    var answer = [UInt8](repeating: 0, count: 64)
    let count = try systemCall { unsafe recv(client.rawValue, &answer, answer.count, CInt(MSG_WAITALL)) }
    return String(decoding: answer.prefix(count), as: UTF8.self)
  }
}
