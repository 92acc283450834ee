import FastCGI
import Glibc
import SystemCalls
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

  /// A file without a name.
  private func file(_ bytes: [UInt8]) throws -> OpenFile {
    var path = Array("/tmp/fastcgi-test-XXXXXX".utf8CString)
    let handle = FileHandle(owning: try systemCall { mkstemp(&path) })
    unlink(path)
    try handle.write(bytes)
    return OpenFile(handle)
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    let pattern = (0..<min(count, 65_521)).map { UInt8($0 &* 31 >> 3 & 0x7f) }
    var bytes: [UInt8] = []
    while bytes.count < count { bytes += pattern.prefix(count - bytes.count) }
    return bytes
  }

  /// Responds to /file with the first bytes of a file, and to other paths with `after`.
  private func server(of file: OpenFile, length: Int) -> Server {
    Server { request in
      var response = Response()
      if request.path == "/file" { response.delivery = .ofFile(file, length: length) } else { response.body = Array("after".utf8) }
      return .now(response)
    }
  }

  @Test(arguments: [1, 65_527, 65_528, 65_529, 9_000_000]) func `a body that is a file arrives whole`(length: Int) throws {
    let body = Self.bytes(length)
    let client = Client(server(of: try file(body + [1, 2, 3]), length: length))
    for _ in 0..<2 {
      client.send("GET", "/file")
      let isWhole = client.receive()?.body == body
      #expect(isWhole)
      client.send("POST", "/", body: [UInt8](repeating: 1, count: 40_000))
      #expect(client.receive()?.text == "after")
    }
  }

  @Test func `a file that is shorter than it was ends the connection instead of the response`() throws {
    let client = Client(server(of: try file(Self.bytes(100_000)), length: 100_001))
    client.send("GET", "/file")
    #expect(client.receive() == nil)
    #expect(client.isClosed())
  }

  @Test func `a client that does not read a file, or leaves in the middle, keeps nobody waiting`() throws {
    let body = Self.bytes(9_000_000)
    let server = server(of: try file(body), length: body.count)
    let slow = Client(server)
    slow.send("GET", "/file")
    for _ in 0..<20 { Client(server).send("GET", "/file") }
    let other = Client(server)
    other.send("GET", "/file")
    // When the other one has everything, the socket of the slow one has long been full.
    for client in [other, slow] {
      let isWhole = client.receive()?.body == body
      #expect(isWhole)
    }
  }
}
