import Glibc
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(5))) struct ParameterGuardTests {
  private static func record(_ type: UInt8, _ content: [UInt8], padding: UInt8 = 0) -> [UInt8] {
    [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 0xff), padding, 0] + content
      + [UInt8](repeating: 0, count: Int(padding))
  }

  private static let begin = record(1, [0, 1, 1, 0, 0, 0, 0, 0])
  private static let pair: [UInt8] = [4, 2] + "NAMEab".utf8
  /// A value of 300 bytes; its length takes four bytes.
  private static let longPair: [UInt8] = [1, 0x80, 0, 1, 0x2c] + [UInt8](repeating: 65, count: 301)

  @Test(arguments: [
    begin + record(4, pair) + record(4, []), begin + record(4, pair, padding: 5) + record(4, longPair) + record(4, []) + record(5, [1]),
    begin + record(4, []),
    // Cut in the middle of a length, in the middle of a name, and into single bytes.
    begin + record(4, Array(longPair[..<3])) + record(4, Array(longPair[3...])) + record(4, []),
    begin + record(4, Array(pair[..<4])) + record(4, Array(pair[4...])) + record(4, []),
    begin + longPair.flatMap { record(4, [$0]) } + record(4, []),
  ]) func `a request from nginx is accepted`(bytes: [UInt8]) { #expect(ParameterGuard.verdict(on: bytes.span) == .acceptable) }

  @Test(arguments: [
    [0xff, 0xff, 0xff, 0xff, 1], [1, 0xff, 0xff, 0xff, 0xff], [0x80, 1, 0, 1, 1], [0xc0, 0, 0, 0, 0xc0, 0, 0, 0],
    pair + [0x90, 0, 0, 0, 1],
  ]) func `a parameter above the size limit is kept from libfcgi`(content: [UInt8]) {
    #expect(ParameterGuard.verdict(on: (Self.begin + Self.record(4, content)).span) == .unacceptable)
    // For every way to cut it.
    #expect(ParameterGuard.verdict(on: (Self.begin + content.flatMap { Self.record(4, [$0]) }).span) == .unacceptable)
  }

  @Test(arguments: [
    [2] + begin.dropFirst() + record(4, []), record(4, []), record(5, []), begin + record(2, []), begin + record(5, []),
    begin + begin + record(4, []),
    // Parameters of another request, after which libfcgi would find those of this one.
    begin + [1, 4, 0, 2, 0, 1, 0, 0, 127] + record(4, pair) + record(4, []),
  ]) func `anything but one begin record and its parameters is kept from libfcgi`(bytes: [UInt8]) {
    #expect(ParameterGuard.verdict(on: bytes.span) == .unacceptable)
  }

  @Test func `a FCGI_GET_VALUES record is kept from libfcgi`() {
    #expect(ParameterGuard.verdict(on: Self.record(9, [15, 0] + "FCGI_MAX_CONNS\0".utf8).span) == .unacceptable)
    #expect(ParameterGuard.verdict(on: (Self.begin + Self.record(9, [])).span) == .unacceptable)
  }

  @Test func `every prefix of a request is incomplete`() {
    let bytes = Self.begin + Self.record(4, Self.pair, padding: 3) + Self.record(4, Self.longPair) + Self.record(4, [])
    for count in 0..<bytes.count { #expect(ParameterGuard.verdict(on: Array(bytes[..<count]).span) == .incomplete, "\(count) bytes") }
  }

  @Test func `a worker survives parameters that would make libfcgi abort`() {
    let server = Server { _ in .now(Response(body: Array("here".utf8))) }
    for content: [UInt8] in [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 65]] {
      let client = Client(server)
      client.write(Self.begin + Self.record(4, content) + Self.record(4, []))
      #expect(client.isClosed())
    }
    let client = Client(server)
    client.write(Self.record(9, (0..<200).flatMap { _ in [14, 0] + Array("FCGI_MAX_CONNS".utf8) }))
    #expect(client.isClosed())
    let asking = Client(server)
    asking.send("GET", "/")
    #expect(asking.receive()?.text == "here")
  }

  @Test func `a request that arrives in pieces is read when it is complete`() {
    let server = Server { request in .now(Response(body: Array(request.path.utf8))) }
    let client = Client(server)
    let parameters: [UInt8] = [14, 3] + "REQUEST_METHODGET".utf8 + [11, 6] + "REQUEST_URI/piece".utf8
    let bytes = Self.begin + Self.record(4, parameters) + Self.record(4, []) + Self.record(5, [])
    for byte in bytes {
      client.write([byte])
      usleep(500)
    }
    #expect(client.receive()?.text == "/piece")
  }
}
