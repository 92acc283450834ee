import Glibc
import SystemCalls
import SystemPackage

/// Checks whether a worker answers through nginx.
enum ReadinessProbe {
  /// Why a server is not ready.
  enum Failure: Error, CustomStringConvertible {
    case system(Errno)
    /// The address has a name that cannot be resolved.
    case unresolved(String)
    /// The first line of the response; "" if there is none.
    case answered(String)

    var description: String {
      switch self {
      case .system(.wouldBlock), .system(Errno(rawValue: EINPROGRESS)): "no response"
      case .system(let error): "\(error)"
      case .unresolved(let problem): problem
      case .answered(""): "no HTTP response"
      case .answered(let line): "it answered \(line)"
      }
    }
  }

  /// Whether GET /readyz answers 200 within a quarter of a second.
  static func answers(at address: SocketAddress) -> Bool {
    (try? check("/readyz", at: address, host: "localhost", patience: .milliseconds(250))) != nil
  }

  /// Checks that a GET of the path answers 200.
  ///
  /// - Parameters:
  ///   - path: what is asked for.
  ///   - address: where nginx listens.
  ///   - host: the value of the Host header.
  ///   - patience: how long connecting, sending and receiving may take each.
  static func check(_ path: String, at address: SocketAddress, host: String, patience: Duration) throws(Failure) {
    let line: String
    do throws(Errno) { line = try statusLine(of: path, at: address, host, patience) } catch { throw .system(error) }
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count > 1, words[0].hasPrefix("HTTP/1.") else { throw .answered("") }
    guard words[1] == "200" else { throw .answered(line) }
  }

  private static func statusLine(of path: String, at address: SocketAddress, _ host: String, _ patience: Duration) throws(Errno) -> String {
    let client = FileHandle(owning: try systemCall { socket(address.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] { try bound(option, of: client.rawValue, to: patience) }
    try unsafe address.withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe connect(client.rawValue, address, length) }
    }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    try systemCall { unsafe send(client.rawValue, request, request.count, CInt(MSG_NOSIGNAL)) }
    var answer = [UInt8](repeating: 0, count: 64)
    let count = try systemCall { unsafe recv(client.rawValue, &answer, answer.count, CInt(MSG_WAITALL)) }
    // Printable, because it may be shown.
    return String(decoding: answer.prefix(count).prefix { (0x20...0x7e).contains($0) }, as: UTF8.self)
  }
}
