/// The slots of a Cluster, to which keys are distributed by their hash.
package enum RedisSlot {
  package static let count = 16_384

  /// The slot of a key: CRC16 of the key, or of what is between its first `{` and the next `}`, unless that is empty (Redis Cluster
  /// Specification, "Hash tags").
  package static func of(_ key: String) -> UInt16 {
    var hashed = Substring(key).utf8
    if let open = hashed.firstIndex(of: UInt8(ascii: "{")) {
      let inside = hashed[hashed.index(after: open)...]
      if let close = inside.firstIndex(of: UInt8(ascii: "}")), close != inside.startIndex { hashed = inside[..<close] }
    }
    return crc16(hashed) & UInt16(count - 1)
  }

  /// CRC-16/XMODEM: polynomial 0x1021, starting with 0.
  static func crc16(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var crc: UInt16 = 0
    for byte in bytes { crc = crc << 8 ^ table[Int(UInt8(crc >> 8) ^ byte)] }
    return crc
  }

  private static let table: [UInt16] = (0..<256).map { (byte: UInt16) in
    (0..<8).reduce(byte << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
  }
}
