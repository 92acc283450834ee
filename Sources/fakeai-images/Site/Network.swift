import Glibc

/// A range of IPv4 or IPv6 addresses, as in `10.0.0.0/8`, `192.168.1.5` or `fd00::/8`.
struct Network: Sendable, Equatable, CustomStringConvertible {
  /// 4 bytes of an IPv4 address or 16 of an IPv6 one.
  let bytes: [UInt8]
  /// The number of leading bits that all addresses of the range share.
  let prefix: Int

  /// - Returns: nil if the text is not an address with an optional length of the prefix, or if a bit after the prefix is set: `10.0.0.5/8`
  ///   could mean one address or all that begin with 10.
  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
    guard let bytes = Self.bytes(of: parts[0]) else { return nil }
    let bits = bytes.count * 8
    guard let prefix = parts.count == 1 ? bits : Self.prefix(parts[1], upTo: bits) else { return nil }
    guard (prefix..<bits).allSatisfy({ bytes[$0 / 8] & (0x80 >> ($0 % 8)) == 0 }) else { return nil }
    // nginx looks up an IPv4 client of an IPv6 socket (::ffff:10.1.2.3) as an IPv4 address.
    if bytes.count == 16, prefix >= 96, bytes.starts(with: Self.mapped) {
      self.bytes = Array(bytes[12...])
      self.prefix = prefix - 96
    } else {
      self.bytes = bytes
      self.prefix = prefix
    }
  }

  /// The normal form, which nginx reads too.
  var description: String {
    var room = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let isLong = bytes.count == 16
    unsafe inet_ntop(isLong ? AF_INET6 : AF_INET, bytes, &room, socklen_t(room.count))
    let address = String(decoding: room.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return prefix == bytes.count * 8 ? address : "\(address)/\(prefix)"
  }

  /// The first bytes of an IPv4-mapped address.
  private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

  private static func bytes(of text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func prefix(_ text: String, upTo bits: Int) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit), let prefix = Int(text), prefix <= bits else { return nil }
    return prefix
  }
}
