import Testing

@testable import Redis

@Suite struct EncodingTests {
  /// CRC and examples of the Redis Cluster Specification.
  @Test func `slots are those of Redis`() {
    #expect(RedisSlot.crc16(Array("123456789".utf8)) == 0x31c3)
    #expect(RedisSlot.of("{user1000}.following") == RedisSlot.of("{user1000}.followers"))
    #expect(RedisSlot.of("foo{}{bar}") == RedisSlot.crc16(Array("foo{}{bar}".utf8)) % 16_384)
    #expect(RedisSlot.of("foo{{bar}}zap") == RedisSlot.of("{bar"))
    #expect(RedisSlot.of("foo{bar}{zap}") == RedisSlot.of("bar"))
    #expect(RedisSlot.of("foo") == 12_182)
  }

  /// The examples of RFC 3174, section 7.3, and lengths around a block.
  @Test(arguments: [
    ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
    (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
    (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
  ])
  func `scripts have their SHA-1`(text: String, hash: String) { #expect(RedisScript(text).hash == hash) }

  @Test func `a long argument is a piece of its own, and is not copied`() {
    let long = [UInt8](repeating: 1, count: 5000)
    let command = RedisCommand("SET", ["k", RedisArgument(pieces: [long, [2, 3]]), "PX", 7])
    #expect(command.pieces.count == 3 && command.lane == .small)
    #expect(command.pieces[0] == Array("*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$5002\r\n".utf8))
    #expect(command.pieces[1].withUnsafeBytes { $0.baseAddress } == long.withUnsafeBytes { $0.baseAddress })
    #expect(command.pieces[2] == [2, 3] + Array("\r\n$2\r\nPX\r\n$1\r\n7\r\n".utf8))
  }

  private static func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

  @Test func `a stage sends every byte once, however few are taken at a time`() {
    let commands = (0..<5).map { RedisCommand("SET", ["k\($0)", RedisArgument(Self.content($0 * 3000))]) }
    let expected = commands.flatMap { $0.pieces.flatMap { $0 } }
    for step in [1, 7, 1000, 6007, 100_000] {
      var (stage, sent, queue) = (OutputStage(), [UInt8](), commands[...])
      while !queue.isEmpty {
        stage.clear()
        for (place, command) in queue.enumerated() { if !stage.add(command.pieces, isFirst: place == 0) { break } }
        let bytes = stage.bytes.prefix(step)
        sent += bytes
        var rest = bytes.count
        while rest > 0, let first = queue.first, let left = stage.advance(rest, in: first.pieces) {
          rest = left
          queue = queue.dropFirst()
        }
      }
      #expect(sent == expected)
    }
  }
}

extension OutputStage {
  /// What would be sent.
  var bytes: [UInt8] {
    withParts { parts in parts.flatMap { Array($0) } }
  }
}
