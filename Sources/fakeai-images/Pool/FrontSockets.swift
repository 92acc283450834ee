import Glibc
import SystemCalls
import SystemPackage

/// The TCP sockets on which nginx accepts clients: one for each address, all with the same port.
struct FrontSockets: ~Copyable {
  let descriptors: [CInt]
  /// Hosts with their port as URLs have them: `127.0.0.1:8000`, `[::1]:8000`.
  let places: [String]
  /// An address at which this machine reaches the first of them.
  let probe: SocketAddress
  /// The same as URLs have it.
  let reachablePlace: String

  /// - Parameters:
  ///   - hosts: at least one address; none covers another.
  ///   - port: 0 is a port that the kernel selects and that is free at all addresses.
  init(hosts: [String], port: UInt16) throws(CommandFailure) {
    var sockets = try Self.open(hosts, port)
    // The kernel selects a port that is free at the first address only.
    for _ in 0..<100 where sockets == nil && port == 0 { sockets = try Self.open(hosts, port) }
    guard let sockets else { throw CommandFailure("there is no port that is free at \(hosts.joined(separator: ", "))") }
    let probe = try orFail("cannot connect to \(hosts[0])") { () throws(Errno) in
      try SocketAddress(host: Self.reachable(hosts[0]), port: sockets.port)
    }
    self.probe = probe
    descriptors = sockets.descriptors
    places = hosts.map { Self.place($0, sockets.port) }
    reachablePlace = Self.place(Self.reachable(hosts[0]), sockets.port)
  }

  deinit { for descriptor in descriptors { _ = close(descriptor) } }

  /// The address at which this machine reaches a server that listens on `host`. Even `::` is reached by IPv4, because the machine may have no
  /// IPv6 address, which is usual in containers.
  static func reachable(_ host: String) -> String { ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host }

  private static func place(_ host: String, _ port: UInt16) -> String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// - Returns: nil if the port that the kernel selected is in use at another address.
  private static func open(_ hosts: [String], _ port: UInt16) throws(CommandFailure) -> (descriptors: [CInt], port: UInt16)? {
    var descriptors: [CInt] = []
    var actual = port
    for host in hosts {
      do {
        let socket = try ListeningSocket(host: host, port: actual)
        actual = try socket.address.port
        descriptors.append(socket.release())
      } catch {
        for descriptor in descriptors { _ = close(descriptor) }
        if error == .addressInUse, port == 0 { return nil }
        let needsRoot = (1..<1024).contains(port) && geteuid() != 0
        let advice =
          needsRoot ? "ports below 1024 need root or CAP_NET_BIND_SERVICE; change it with --port" : "change it with --host or --port"
        throw CommandFailure("cannot listen on \(host) port \(actual) (\(advice)): \(error)")
      }
    }
    return (descriptors, actual)
  }
}
