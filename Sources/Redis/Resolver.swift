import SystemCalls
import SystemPackage

/// Finds the addresses of servers. Names are looked up on a thread of their own, because that may block for 20 s.
///
/// Lives on the client's thread.
final class Resolver {
  typealias Receiver = (Result<[SocketAddress], LookUpFailure>) -> Void

  private struct Host: Hashable {
    let name: String
    let port: UInt16
  }

  private let mailbox: Mailbox
  /// Who waits for a look-up that is in progress. There is at most one for a host, so a name server that does not answer costs a thread for
  /// each host.
  private var inProgress: [Host: [Receiver]] = [:]
  /// A result that came too late for the attempt that it was meant for is good for the next one.
  private var late: [Host: (result: [SocketAddress], until: ContinuousClock.Instant)] = [:]

  init(_ mailbox: Mailbox) { self.mailbox = mailbox }

  /// - Parameter receive: called on the client's thread, at once if nothing must be looked up.
  func resolve(_ endpoint: RedisEndpoint, receive: @escaping Receiver) {
    switch endpoint {
    case .unix(let path): receive(.success([SocketAddress(unixPath: path)]))
    case .tcp(let name, let port):
      let literal = SocketAddress.lookUp(name, port: port, isLiteral: true)
      if case .success = literal { return receive(literal) }
      lookUp(Host(name: name, port: port), receive)
    }
  }

  private func lookUp(_ host: Host, _ receive: @escaping Receiver) {
    if let found = late.removeValue(forKey: host), found.until > .now { return receive(.success(found.result)) }
    inProgress[host, default: []].append(receive)
    guard inProgress[host]!.count == 1 else { return }
    do throws(Errno) {
      try detachThread { [mailbox] in
        let result = SocketAddress.lookUp(host.name, port: host.port)
        mailbox.post { $0.resolver.finish(host.name, host.port, result) }
      }
    } catch {
      finish(host.name, host.port, .failure(LookUpFailure(description: "cannot resolve \(host.name): \(error)")))
    }
  }

  private func finish(_ name: String, _ port: UInt16, _ result: Result<[SocketAddress], LookUpFailure>) {
    let host = Host(name: name, port: port)
    if case .success(let addresses) = result { late[host] = (addresses, .now + .seconds(2)) }
    for receive in inProgress.removeValue(forKey: host) ?? [] { receive(result) }
  }
}
