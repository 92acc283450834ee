import Glibc
import SystemCalls
import SystemPackage

/// The addresses that events may be sent to: this machine's loopback, and the networks of the setting. Anybody who may use the API can create an
/// endpoint, so any other address could be a service that trusts this machine.
package struct WebhookHosts: Sendable, Equatable {
  /// Leading bits of addresses of 4 or 16 bytes.
  private let networks: [Network]

  private struct Network: Sendable, Equatable {
    let bytes: [UInt8]
    let prefix: Int

    func contains(_ address: [UInt8]) -> Bool {
      guard address.count == bytes.count else { return false }
      return (0..<prefix).allSatisfy { (address[$0 / 8] ^ bytes[$0 / 8]) & (0x80 >> ($0 % 8)) == 0 }
    }
  }

  private static let loopback = [
    Network(bytes: [127, 0, 0, 0], prefix: 8), Network(bytes: [UInt8](repeating: 0, count: 15) + [1], prefix: 128),
  ]

  /// - Parameter networks: addresses of 4 or 16 bytes, and how many of their leading bits count.
  package init(_ networks: [(bytes: [UInt8], prefix: Int)] = []) {
    self.networks = Self.loopback + networks.map { Network(bytes: $0.bytes, prefix: $0.prefix) }
  }

  /// Resolves a name once, so that what is checked is what is connected to.
  func address(of host: String, port: UInt16) throws(WebhookFailure) -> InternetAddress {
    let addresses = InternetAddress.resolve(host, port: port)
    guard !addresses.isEmpty else { throw WebhookFailure("the host '\(host)' has no address") }
    guard let address = addresses.first(where: { contains($0.bytes) }) else {
      throw WebhookFailure("the address of '\(host)' is neither this machine's loopback nor in FAKEAI_WEBHOOK_HOSTS")
    }
    return address
  }

  func contains(_ address: [UInt8]) -> Bool {
    // ::ffff:10.1.2.3 is connected to as 10.1.2.3.
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    let address = address.count == 16 && address.starts(with: mapped) ? Array(address[12...]) : address
    return networks.contains { $0.contains(address) }
  }
}

/// An IPv4 or IPv6 address with a port.
struct InternetAddress: Sendable, Equatable {
  let family: CInt
  /// 4 or 16.
  let bytes: [UInt8]
  /// A `sockaddr`.
  private let socketAddress: [UInt8]

  /// The addresses of a name, or of an address in its textual form.
  static func resolve(_ host: String, port: UInt16) -> [InternetAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, "\(port)", &hints, &list) == 0 else { return [] }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [InternetAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      let (family, address, length) = unsafe (entry.pointee.ai_family, entry.pointee.ai_addr, Int(entry.pointee.ai_addrlen))
      if let address = unsafe address {
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: length))
        if let address = InternetAddress(family, bytes) { addresses.append(address) }
      }
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }

  /// - Parameter socketAddress: in `sockaddr_in`, the address is at byte 4; in `sockaddr_in6`, at byte 8.
  private init?(_ family: CInt, _ socketAddress: [UInt8]) {
    let place: Range<Int>
    switch family {
    case AF_INET: place = 4..<8
    case AF_INET6: place = 8..<24
    default: return nil
    }
    guard socketAddress.count >= place.upperBound else { return nil }
    (self.family, self.socketAddress, bytes) = (family, socketAddress, Array(socketAddress[place]))
  }

  func connect(_ socket: CInt) throws(Errno) {
    try systemCall {
      unsafe socketAddress.withUnsafeBytes { bytes in
        unsafe Glibc.connect(socket, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
  }
}
