import FastCGI
import Testing

@Suite struct ResponseTests {
  @Test func `a control character anywhere in a header's value becomes a question mark, and no other byte does`() {
    for byte in UInt8(0)...0x7f {
      for position in 0..<20 {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 20)
        bytes[position] = byte
        let isControl = byte < 0x20 || byte == 0x7f
        var response = Response(headers: [("first", String(decoding: bytes, as: UTF8.self))])
        response.add("second", String(decoding: bytes, as: UTF8.self))
        bytes[position] = isControl ? UInt8(ascii: "?") : byte
        let expected = String(decoding: bytes, as: UTF8.self)
        #expect(response.header("first") == expected && response.header("second") == expected, "byte \(byte) at \(position)")
      }
    }
  }

  @Test func `letters beyond ASCII pass`() {
    let text = "grüße 猫 \u{80}\u{7ff}\u{ffff}\u{10ffff}"
    #expect(Response(headers: [("name", text)]).header("name") == text)
  }

  @Test func `a head that is longer than one record arrives whole`() throws {
    let value = String(repeating: "x", count: 100_000)
    let server = Server { _ in .now(Response(headers: [("long", value)], body: Array("end".utf8))) }
    let client = Client(server)
    client.send("GET", "/")
    let answer = try #require(client.receive())
    let isWhole = answer.head.hasSuffix("\r\nlong: \(value)")
    #expect(isWhole && answer.text == "end", "\(answer.head.utf8.count) bytes of head")
  }
}
