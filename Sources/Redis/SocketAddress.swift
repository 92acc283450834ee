import Glibc
import SystemCalls
import SystemPackage

/// An address to which a socket can connect.
struct SocketAddress: Sendable, Equatable {
  /// A `sockaddr` of any kind.
  private let bytes: [UInt8]
  let family: CInt

  private init(_ family: CInt, _ bytes: [UInt8]) { (self.family, self.bytes) = (family, bytes) }

  /// - Parameter path: at most 107 bytes.
  init(unixPath path: String) {
    let familyBytes = unsafe withUnsafeBytes(of: sa_family_t(AF_UNIX)) { unsafe Array($0) }
    self.init(AF_UNIX, familyBytes + Array(path.utf8) + [0])
  }

  /// Looks a host up, which blocks.
  /// - Parameter isLiteral: only understand an address, not a name, which does not block.
  /// - Returns: at least one address, or why there is none.
  static func lookUp(_ host: String, port: UInt16, isLiteral: Bool = false) -> Result<[SocketAddress], LookUpFailure> {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | (isLiteral ? AI_NUMERICHOST : AI_ADDRCONFIG)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard code == 0, let first = unsafe list else {
      return .failure(LookUpFailure(description: "cannot resolve \(host): \(unsafe String(cString: gai_strerror(code)))"))
    }
    defer { unsafe freeaddrinfo(first) }
    var addresses: [SocketAddress] = []
    var next: UnsafeMutablePointer<addrinfo>? = unsafe first
    while let entry = unsafe next?.pointee, addresses.count < 16 {
      let bytes = unsafe UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
      addresses.append(SocketAddress(unsafe entry.ai_family, unsafe Array(bytes)))
      unsafe next = unsafe entry.ai_next
    }
    return .success(addresses)
  }

  /// Begins to connect a new socket, without waiting for it.
  func connect() throws(Errno) -> FileHandle {
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let handle = FileHandle(owning: try systemCall { socket(family, kind, 0) })
    if family != AF_UNIX { configure(handle.rawValue) }
    let result = unsafe bytes.withUnsafeBytes { bytes in
      unsafe Glibc.connect(
        handle.rawValue, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    if result != 0, errno != EINPROGRESS, errno != EINTR { throw Errno(rawValue: errno) }
    return handle
  }

  /// Small commands are not collected, and a connection whose other side has gone is noticed although nothing is sent.
  private func configure(_ socket: CInt) {
    set(CInt(IPPROTO_TCP), TCP_NODELAY, 1, socket)
    set(SOL_SOCKET, SO_KEEPALIVE, 1, socket)
    set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 15, socket)
    set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 5, socket)
    set(CInt(IPPROTO_TCP), TCP_KEEPCNT, 3, socket)
  }

  private func set(_ level: CInt, _ option: CInt, _ value: CInt, _ socket: CInt) {
    var value = value
    unsafe setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
  }
}

/// Why a host has no address, in one line.
struct LookUpFailure: Error { let description: String }

/// Whether an attempt to connect has failed, and why.
func connectError(of socket: CInt) -> Errno? {
  var code: CInt = 0
  var size = socklen_t(MemoryLayout<CInt>.size)
  guard unsafe getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return Errno(rawValue: errno) }
  return code == 0 ? nil : Errno(rawValue: code)
}
