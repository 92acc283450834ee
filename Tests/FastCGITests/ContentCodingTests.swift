import CZlib
import Synchronization
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(5))) struct ContentCodingTests {
  @Test(
    arguments: [
      (nil, .identity), ("", .identity), ("identity", .identity), (" Identity ,", .identity), ("gzip", .gzip), ("GZip", .gzip),
      ("x-gzip", .gzip), (" , gzip\t,", .gzip), ("identity, gzip", .gzip), ("deflate", .deflate), ("br", .unsupported("br")),
      ("gzip, br", .unsupported("gzip, br")), ("gzip, gzip", .unsupported("gzip, gzip")), ("gzip;q=1", .unsupported("gzip;q=1")),
      ("*", .unsupported("*")),
    ] as [(String?, ContentCoding)])
  func `a coding is read from its header`(header: String?, coding: ContentCoding) { #expect(ContentCoding(header) == coding) }

  // MARK: The decoder

  private static let text = Array("{\"prompt\": \"a lake at dawn, a lake at dawn, a lake at dawn\"}".utf8)

  private func decoded(
    _ bytes: [UInt8], _ coding: ContentCoding = .gzip, limit: Int = 1 << 20, pieces: Int = 64 << 10, patience: Duration = .seconds(60)
  ) throws(ContentCodingError) -> [UInt8] {
    var decoder = ContentDecoder(coding, limit: limit, patience: patience)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      var problem: ContentCodingError?
      Array(bytes[start..<min(start + pieces, bytes.count)]).withUnsafeBufferPointer {
        do throws(ContentCodingError) { try decoder.append($0) } catch { problem = error }
      }
      if let problem { throw problem }
    }
    return try decoder.finish()
  }

  @Test(arguments: [(ContentCoding.gzip, 31), (.deflate, 15), (.deflate, -15)])
  func `a body is decompressed in whatever pieces it comes`(coding: ContentCoding, window: Int) throws {
    for content in [[], Self.text, (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }] {
      let bytes = compressed(content, window: CInt(window))
      for pieces in [2, 7, 64 << 10] { #expect(try decoded(bytes, coding, pieces: pieces) == content) }
    }
  }

  @Test func `a gzip body may have several members`() throws {
    let bytes = compressed(Self.text, window: 31) + compressed([], window: 31) + compressed(Self.text, window: 31)
    for pieces in [2, 5, bytes.count] { #expect(try decoded(bytes, pieces: pieces) == Self.text + Self.text) }
  }

  @Test(arguments: [(ContentCoding.gzip, 31), (.deflate, 15)])
  func `every body that ends early is refused`(coding: ContentCoding, window: Int) {
    let bytes = compressed(Self.text, window: CInt(window))
    let name = coding == .gzip ? "gzip" : "deflate"
    for length in 0..<bytes.count {
      #expect(throws: ContentCodingError.corrupt(coding: name, reason: "it ends early")) { try decoded(Array(bytes[..<length]), coding) }
    }
  }

  @Test func `a body with a wrong byte is refused`() {
    let bytes = compressed(Self.text, window: 31)
    // The header's time, flags and system may be anything.
    for place in bytes.indices where !(3...9).contains(place) {
      var damaged = bytes
      damaged[place] ^= 0x55
      #expect(throws: ContentCodingError.self, "byte \(place)") { try decoded(damaged) }
    }
    #expect(throws: ContentCodingError.corrupt(coding: "gzip", reason: "its bytes are damaged, or are not compressed at all")) {
      try decoded(Self.text)
    }
  }

  @Test func `bytes after the end are refused`() {
    #expect(throws: ContentCodingError.self) { try decoded(compressed(Self.text, window: 31) + [1]) }
    #expect(throws: ContentCodingError.corrupt(coding: "deflate", reason: "there are bytes after its end")) {
      try decoded(compressed(Self.text, window: 15) + [1], .deflate)
    }
  }

  @Test func `a body may become as long as the limit, and no longer`() throws {
    let content = [UInt8](repeating: 7, count: 200_000)
    let bytes = compressed(content, window: 31)
    #expect(try decoded(bytes, limit: 200_000) == content)
    #expect(throws: ContentCodingError.tooLarge(limit: 199_999)) { try decoded(bytes, limit: 199_999) }
  }

  @Test func `a body that takes too long is refused`() {
    let bytes = compressed([UInt8](repeating: 7, count: 900_000), window: 31)
    #expect(throws: ContentCodingError.tooSlow) { try decoded(bytes, pieces: 100, patience: .zero) }
  }

  // MARK: The loop

  private func answers(_ body: [UInt8], coding: String, limit: Int = 1 << 20) -> String? {
    var limits = EventLoopLimits()
    limits.bodyBytes = limit
    let server = Server(limits: limits) { request in
      switch request.body {
      case .whole(let bytes): .now(Response(body: Array("\(bytes.count) \(bytes.last ?? 0)".utf8)))
      default: .now(Response(body: Array("\(request.body)".utf8)))
      }
    }
    let client = Client(server)
    client.send("POST", "/", body: body, headers: [("HTTP_CONTENT_ENCODING", coding)])
    let first = client.receive()?.text
    // None of the bytes is taken for the next request.
    client.send("POST", "/", body: [9])
    #expect(client.receive()?.text == "1 9")
    return first
  }

  @Test func `the handler gets the decompressed body`() {
    let content = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
    #expect(answers(compressed(content, window: 31), coding: "gzip") == "400000 \(content[399_999])")
    #expect(answers([], coding: "gzip") == "0 0")
    #expect(answers([4], coding: "identity") == "1 4")
  }

  @Test func `the handler learns why a body cannot be decompressed`() {
    #expect(answers([1, 2, 3], coding: "br") == #"undecodable(FastCGI.ContentCodingError.unsupported("br"))"#)
    #expect(answers([UInt8](repeating: 1, count: 200_000), coding: "gzip")?.contains("corrupt") == true)
    let bomb = compressed([UInt8](repeating: 0, count: 3 << 20), window: 31)
    #expect(answers(bomb, coding: "gzip") == "undecodable(FastCGI.ContentCodingError.tooLarge(limit: 1048576))")
  }

  @Test func `a small compressed body is not decompressed on the loop`() {
    let isFree = Atomic(false)
    let server = Server { request in
      if request.path == "/compressed" { while !isFree.load(ordering: .acquiring) {} }
      return .now(Response(body: Array("done".utf8)))
    }
    let (slow, quick) = (Client(server), Client(server))
    slow.send("POST", "/compressed", body: compressed(Self.text, window: 31), headers: [("HTTP_CONTENT_ENCODING", "gzip")])
    quick.send("POST", "/")
    #expect(quick.receive()?.text == "done")
    isFree.store(true, ordering: .releasing)
    #expect(slow.receive()?.text == "done")
  }
}

/// - Parameter window: zlib's `windowBits`: 31 for gzip, 15 for zlib, -15 for a bare stream.
private func compressed(_ content: [UInt8], window: CInt) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var (content, output) = (content, [UInt8](repeating: 0, count: content.count + content.count / 100 + 1000))
  let count = content.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { room in
      (stream.next_in, stream.avail_in) = (input.baseAddress, CUnsignedInt(input.count))
      (stream.next_out, stream.avail_out) = (room.baseAddress, CUnsignedInt(room.count))
      deflate(&stream, Z_FINISH)
      return room.count - Int(stream.avail_out)
    }
  }
  return Array(output[..<count])
}
