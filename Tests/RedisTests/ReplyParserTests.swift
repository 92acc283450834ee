import Testing

@testable import Redis

@Suite struct ReplyParserTests {
  /// Replies, as a server sends them.
  private static let stream: [(String, RedisReply)] = [
    ("+OK\r\n", .status("OK")), ("+\r\n", .status("")), ("-ERR no such\r\n", .error("ERR no such")), (":0\r\n", .integer(0)),
    (":-42\r\n", .integer(-42)), (":9223372036854775807\r\n", .integer(.max)), ("$-1\r\n", .null), ("*-1\r\n", .null),
    ("$0\r\n\r\n", .bytes([])), ("$2\r\n\r\n\r\n", .bytes([13, 10])), ("*0\r\n", .array([])),
    ("*2\r\n$1\r\na\r\n*2\r\n:1\r\n*0\r\n", .array([.bytes([97]), .array([.integer(1), .array([])])])),
    ("*1\r\n-MOVED 1 a:1\r\n", .array([.error("MOVED 1 a:1")])),
    ("$300\r\n\(String(repeating: "x", count: 300))\r\n", .bytes([UInt8](repeating: 120, count: 300))),
  ]

  private static let bytes = stream.flatMap { Array($0.0.utf8) }

  /// What a parser makes of bytes that come in these pieces.
  private func replies(_ pieces: [ArraySlice<UInt8>], limits: ReplyLimits = ReplyLimits()) throws -> [RedisReply] {
    var (parser, replies) = (ReplyParser(limits: limits), [RedisReply]())
    for var piece in pieces {
      while !piece.isEmpty {
        let (count, _) = parser.fill { first, second in
          var taken = 0
          for room in [first, second].compactMap({ $0 }) {
            let part = piece.dropFirst(taken).prefix(room.count)
            room.copyBytes(from: part)
            taken += part.count
          }
          return taken
        }
        piece = piece.dropFirst(count)
        while let reply = try parser.next() { replies.append(reply) }
      }
    }
    return replies
  }

  @Test func `a stream that is split anywhere is the same replies`() throws {
    let (bytes, expected) = (Self.bytes, Self.stream.map(\.1))
    for split in 0...bytes.count { #expect(try replies([bytes[..<split], bytes[split...]]) == expected) }
    #expect(try replies(bytes.indices.map { bytes[$0...$0] }) == expected)
  }

  @Test func `a stream is the same replies however small the buffer is`() throws {
    for lineBytes in 24...64 { #expect(try replies([Self.bytes[...]], limits: ReplyLimits(lineBytes: lineBytes)) == Self.stream.map(\.1)) }
  }

  @Test(arguments: [
    "x\r\n", "\r\n", "\n", "+OK\n", ":\r\n", ":1x\r\n", ":99999999999999999999\r\n", "$-2\r\n", "$x\r\n", "$1\r\nab\r\n", "$1\r\na\n\n",
    "*-2\r\n", "$99999999999\r\n", "*99999999999\r\n", "*2000000000\r\n", "_\r\n", ",1.5\r\n", "%1\r\n", ">1\r\n",
    "HTTP/1.1 400 Bad Request\r\n",
    "+" + String(repeating: "x", count: 20_000), String(repeating: "*1\r\n", count: 20), "$67108864\r\n", "$9223372036854775808\r\n",
  ])
  func `what is not a reply, or is too large, is an error`(text: String) {
    #expect(throws: ProtocolError.self) { try replies([Array(text.utf8)[...]]) }
    #expect(throws: ProtocolError.self) { try replies(text.utf8.map { [$0] }) }
  }

  @Test func `many small values are bounded as a large one is`() {
    let bytes =
      Array("*1000\r\n".utf8) + (0..<1000).flatMap { _ in Array("$100\r\n".utf8) + [UInt8](repeating: 120, count: 100) + [13, 10] }
    #expect(throws: Never.self) { try replies([bytes[...]], limits: ReplyLimits(replyBytes: 140_000)) }
    #expect(throws: ProtocolError.self) { try replies([bytes[...]], limits: ReplyLimits(replyBytes: 100_000)) }
  }

  @Test func `random bytes are replies or an error`() throws {
    for seed in 0..<2000 {
      var generator = Xorshift(state: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1)
      let alphabet = Array("+-:$*0123459\r\n\r\nxO".utf8)
      let bytes = (0..<64).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      let whole = Result { try replies([bytes[...]]) }
      let bytewise = Result { try replies(bytes.map { [$0] }) }
      #expect((try? whole.get()) == (try? bytewise.get()))
    }
  }
}

private struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
