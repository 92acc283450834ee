import Glibc
import SystemCalls
import SystemPackage

/// A listening socket, to be inherited by the processes that accept connections from it.
///
/// It is non-blocking: if several processes wake for one connection, `accept` must return in all of them. (nginx does not set this for a
/// socket that it inherits, and one of its workers would block in `accept` with requests in flight.)
struct ListeningSocket: ~Copyable {
  let descriptor: FileHandle

  /// The number of connections that may wait to be accepted, if the kernel allows it (net.core.somaxconn, usually also 4096). With 511, some
  /// of 2,000 simultaneous clients got 502, because nginx found the workers' queue full, and others waited for their kernel's retransmission.
  static let backlog: CInt = 4096

  /// Listens at a path that does not exist yet, readable and writable by its owner alone.
  ///
  /// - Throws: `ENAMETOOLONG` for a path of more than 107 bytes, the maximum of a unix address.
  init(unixPath path: FilePath) throws(Errno) {
    let descriptor = try Self.socket(AF_UNIX)
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    try systemCall { unsafe chmod(path.string, 0o600) }
    try systemCall { listen(descriptor.rawValue, Self.backlog) }
    self.descriptor = descriptor
  }

  /// Listens on a TCP port; 0 is a free port that the kernel selects. `::` accepts IPv4 clients too, whatever the machine's default
  /// (net.ipv6.bindv6only).
  init(host: String, port: UInt16) throws(Errno) {
    let address = try SocketAddress(host: host, port: port)
    let descriptor = try Self.socket(address.family)
    try Self.set(SO_REUSEADDR, level: SOL_SOCKET, of: descriptor, to: 1)
    if address.family == AF_INET6 { try Self.set(IPV6_V6ONLY, level: CInt(IPPROTO_IPV6), of: descriptor, to: host == "::" ? 0 : 1) }
    try unsafe address.withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    try systemCall { listen(descriptor.rawValue, Self.backlog) }
    self.descriptor = descriptor
  }

  /// The address with the actual port, if the kernel selected it.
  var address: SocketAddress {
    get throws(Errno) { try SocketAddress(boundTo: descriptor.rawValue) }
  }

  /// Leaves closing the descriptor to the caller.
  consuming func release() -> CInt { descriptor.release() }

  private static func set(_ option: CInt, level: CInt, of descriptor: borrowing FileHandle, to value: CInt) throws(Errno) {
    var value = value
    try systemCall { unsafe setsockopt(descriptor.rawValue, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) }
  }

  private static func socket(_ family: CInt) throws(Errno) -> FileHandle {
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    return FileHandle(owning: try systemCall { Glibc.socket(family, CInt(type), 0) })
  }
}
