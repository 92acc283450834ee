import SystemCalls
import SystemPackage

/// Finds the addresses of servers. Names are looked up on a thread of their own, because that may block for 20 s.
///
/// Results are kept for a while: a connection that is opened because of a request would otherwise let the request wait for the name server,
/// although another connection to the same server is open. A connection that fails makes its host's result be forgotten.
///
/// Lives on the client's thread.
final class Resolver {
  typealias Receiver = (Result<[SocketAddress], LookUpFailure>) -> Void
  /// Blocks.
  typealias LookUp = @Sendable (_ name: String, _ port: UInt16) -> Result<[SocketAddress], LookUpFailure>

  private struct Host: Hashable {
    let name: String
    let port: UInt16
  }

  private let mailbox: Mailbox
  private let lookUp: LookUp
  /// Who waits for a look-up that is in progress. There is at most one for a host, so a name server that does not answer costs a thread for
  /// each host.
  private var inProgress: [Host: [Receiver]] = [:]
  private var known: [Host: (result: [SocketAddress], until: Instant)] = [:]

  private static let lifetime = Duration.seconds(60)

  init(_ mailbox: Mailbox, lookUp: @escaping LookUp) {
    (self.mailbox, self.lookUp) = (mailbox, lookUp)
  }

  /// - Parameter receive: called on the client's thread, at once if nothing must be looked up.
  func resolve(_ endpoint: RedisEndpoint, receive: @escaping Receiver) {
    switch endpoint {
    case .unix(let path): receive(.success([SocketAddress(unixPath: path)]))
    case .tcp(let name, let port):
      let literal = SocketAddress.lookUp(name, port: port, isLiteral: true)
      if case .success = literal { return receive(literal) }
      resolve(Host(name: name, port: port), receive)
    }
  }

  /// Forgets the addresses of a server to which a connection has failed: the name may have got others.
  func forget(_ endpoint: RedisEndpoint) {
    if case .tcp(let name, let port) = endpoint { known[Host(name: name, port: port)] = nil }
  }

  private func resolve(_ host: Host, _ receive: @escaping Receiver) {
    if let found = known[host], found.until > .now { return receive(.success(found.result)) }
    inProgress[host, default: []].append(receive)
    guard inProgress[host]!.count == 1 else { return }
    do throws(Errno) {
      try detachThread { [mailbox, lookUp] in
        let result = lookUp(host.name, host.port)
        mailbox.post { $0.resolver.finish(host.name, host.port, result) }
      }
    } catch {
      finish(host.name, host.port, .failure(LookUpFailure(description: "cannot resolve \(host.name): \(error)")))
    }
  }

  private func finish(_ name: String, _ port: UInt16, _ result: Result<[SocketAddress], LookUpFailure>) {
    let host = Host(name: name, port: port)
    if case .success(let addresses) = result { known[host] = (addresses, .now + Self.lifetime) }
    for receive in inProgress.removeValue(forKey: host) ?? [] { receive(result) }
  }
}
