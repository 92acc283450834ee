import Glibc
import SystemCalls
import SystemPackage

/// A socket address of any family.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t

  /// - Parameter path: a leading `@` means an abstract name (unix(7)), as in systemd's variables.
  /// - Throws: `ENAMETOOLONG` if the path does not fit.
  init(unixPath path: FilePath) throws(Errno) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.string.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .fileNameTooLong }
    let isAbstract = bytes.first == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in unsafe room.copyBytes(from: bytes) }
    // Each byte of an abstract name counts, including trailing zeroes; the name of a file ends with a zero.
    length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
    store(address)
  }

  /// - Throws: `EINVAL` if the host is not an IPv4 or IPv6 address.
  init(host: String, port: UInt16) throws(Errno) {
    var address4 = sockaddr_in()
    var address6 = sockaddr_in6()
    if unsafe inet_pton(AF_INET, host, &address4.sin_addr) == 1 {
      address4.sin_family = sa_family_t(AF_INET)
      address4.sin_port = port.bigEndian
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      store(address4)
    } else if unsafe inet_pton(AF_INET6, host, &address6.sin6_addr) == 1 {
      address6.sin6_family = sa_family_t(AF_INET6)
      address6.sin6_port = port.bigEndian
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      store(address6)
    } else {
      throw .invalidArgument
    }
  }

  /// An address that the system returned; nil if it is too long.
  init?(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
    guard length <= socklen_t(MemoryLayout<sockaddr_storage>.size) else { return nil }
    self.length = length
    unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length))) }
  }

  /// The address that a socket was bound to.
  init(boundTo descriptor: CInt) throws(Errno) {
    var room = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var found = sockaddr_storage()
    try unsafe withUnsafeMutablePointer(to: &found) { pointer throws(Errno) in
      try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(Errno) in
        _ = try systemCall { unsafe getsockname(descriptor, address, &room) }
      }
    }
    storage = found
    length = room
  }

  var family: CInt { CInt(storage.ss_family) }

  /// The port of an IPv4 or IPv6 address: in both it follows the family.
  var port: UInt16 {
    unsafe withUnsafeBytes(of: storage) { unsafe UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) throws(Errno) -> Result) throws(Errno) -> Result {
    try unsafe withUnsafePointer(to: storage) { pointer throws(Errno) in
      try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address throws(Errno) in try unsafe body(address, length) }
    }
  }

  private mutating func store<Address>(_ address: Address) {
    unsafe withUnsafeMutableBytes(of: &storage) { room in unsafe room.storeBytes(of: address, as: Address.self) }
  }
}
