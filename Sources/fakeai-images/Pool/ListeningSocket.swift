import Glibc
import SystemCalls
import SystemPackage

/// A socket that listens, to be inherited by those who accept from it.
///
/// It never blocks: of several processes that wake for one connection, all but one must find nothing. (nginx does not see to that itself
/// for a socket that it inherits, and one of its workers would stand still in `accept` with requests in hand.)
struct ListeningSocket: ~Copyable {
  let descriptor: FileHandle

  /// Connections that may wait to be accepted, as far as the kernel lets (net.core.somaxconn, usually 4096 as well). With 511, of 2,000 clients
  /// at once some were answered 502, for nginx found the workers' queue full, and others waited until their kernel knocked again.
  static let backlog: CInt = 4096

  /// Listens at a path that does not exist yet, readable and writable by its owner alone.
  ///
  /// - Throws: `ENAMETOOLONG` for a path of more than 107 bytes, which is all that a unix address holds.
  init(unixPath path: FilePath) throws(Errno) {
    let descriptor = try Self.socket(AF_UNIX)
    try unsafe SocketAddress(unixPath: path).withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    try systemCall { unsafe chmod(path.string, 0o600) }
    try systemCall { listen(descriptor.rawValue, Self.backlog) }
    self.descriptor = descriptor
  }

  /// Listens on a TCP port; 0 is one that the kernel has free.
  init(host: String, port: UInt16) throws(Errno) {
    let address = try SocketAddress(host: host, port: port)
    let descriptor = try Self.socket(address.family)
    try Self.switchOn(SO_REUSEADDR, level: SOL_SOCKET, of: descriptor)
    if address.family == AF_INET6 { try Self.switchOn(IPV6_V6ONLY, level: CInt(IPPROTO_IPV6), of: descriptor) }
    try unsafe address.withPointer { address, length throws(Errno) in
      _ = try systemCall { unsafe bind(descriptor.rawValue, address, length) }
    }
    try systemCall { listen(descriptor.rawValue, Self.backlog) }
    self.descriptor = descriptor
  }

  /// With the port that the kernel chose, where it was to choose.
  var address: SocketAddress {
    get throws(Errno) { try SocketAddress(boundTo: descriptor.rawValue) }
  }

  private static func switchOn(_ option: CInt, level: CInt, of descriptor: borrowing FileHandle) throws(Errno) {
    var on: CInt = 1
    try systemCall { unsafe setsockopt(descriptor.rawValue, level, option, &on, socklen_t(MemoryLayout<CInt>.size)) }
  }

  private static func socket(_ family: CInt) throws(Errno) -> FileHandle {
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    return FileHandle(owning: try systemCall { Glibc.socket(family, CInt(type), 0) })
  }
}
