import CPOSIX
import FastCGI
import Glibc
import SystemCalls

/// The clients that connect while the pool stops. nginx accepts no more, but the listening sockets are open until the end, because closing them
/// would reset the connections that wait in them. Each client gets 503 and is asked to come back later.
final class LateClients {

  private let listeners: [CInt]
  private let answer: [UInt8]
  /// The clients that have their answer and may still be sending a request.
  private var clients: [(descriptor: CInt, until: Instant)] = []

  /// Further clients wait until one of these has left.
  private static let most = 256
  /// How long a client may take to read the answer and to close the connection.
  private static let patience = Duration.seconds(1)

  init(listeners: [CInt], answer response: Response) {
    self.listeners = listeners
    let headers = response.headers + [("Content-Length", String(response.body.count)), ("Connection", "close")]
    let head = "HTTP/1.1 503 Service Unavailable\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
    answer = Array(head.utf8) + response.body
  }

  deinit {
    for client in clients {
      _ = Self.hasLeft(client.descriptor)
      close(client.descriptor)
    }
  }

  /// What becomes readable when there is something to do.
  var descriptors: [CInt] { (clients.count < Self.most ? listeners : []) + clients.map(\.descriptor) }

  /// Answers those that have connected, and closes the connections of those that have left.
  func serve() {
    for listener in listeners { accept(from: listener) }
    let now = Instant.now
    clients.removeAll { client in
      guard Self.hasLeft(client.descriptor) || client.until <= now else { return false }
      close(client.descriptor)
      return true
    }
  }

  private func accept(from listener: CInt) {
    while clients.count < Self.most {
      let client = cposix_accept(listener)
      guard client >= 0 else { return }
      // It fits into the buffer of a new connection.
      _ = unsafe send(client, answer, answer.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      shutdown(client, CInt(SHUT_WR))
      clients.append((client, .now + Self.patience))
    }
  }

  /// Reads what a client sends, because closing a connection with unread bytes resets it, and the answer could be lost.
  private static func hasLeft(_ client: CInt) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe recv(client, &bytes, bytes.count, CInt(MSG_DONTWAIT))
      if count == 0 { return true }
      if count < 0 { return errno != EAGAIN && errno != EINTR }
    }
  }
}
