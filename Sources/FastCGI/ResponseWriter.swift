import Glibc
import SystemCalls
import SystemPackage

/// Sends a response, or one part of it: the head in one record, the body in as many as it needs. The bytes of the body are not copied.
///
/// ```
/// framing: [record │ head] [record]        [record]        [end of output][end of request]
/// body:                            [bytes…]        [bytes…]
/// ```
///
/// If the socket has room, everything is sent with one `sendmsg`; libfcgi would use one call per 8 KB. Only a file needs a call for each piece. A part of a response that continues
/// has no end record, and only the first part has a head. A throttled body pauses after each of its pieces, which consist of one or more
/// records. A truncated body has no end record: only closing the connection can express that.
struct ResponseWriter {
  private let framing: [UInt8]
  private let body: [UInt8]
  /// The file whose bytes are sent instead of those of `body`.
  private let file: OpenFile?
  private let pieces: [Piece]
  /// Whether the connection must be closed because the end of the response is never sent.
  let isTruncated: Bool
  /// The pause after every `recordsPerPause` records of the body.
  private var pause: Duration?
  private let recordsPerPause: Int
  /// Makes the next part of the response.
  let continuation: Work?
  /// Gives what follows as long as the client stays.
  let stream: OpenStream?
  /// Bytes that the socket has taken, framing included.
  private(set) var sentCount = 0
  private var nextPiece = 0
  private var sentOfPiece = 0

  /// A range of bytes in the framing or in the body.
  private struct Piece {
    var isBody: Bool
    var range: Range<Int>
  }

  /// The state of the transmission.
  enum Progress: Equatable {
    case sent
    /// The socket's buffer is full.
    case blocked
    /// Sending continues after this pause.
    case pausing(Duration)
  }

  /// - Parameter hasBegun: whether the head has already been sent.
  init(_ response: Response, id: UInt16, hasBegun: Bool) {
    let course = Course(response)
    var framing: [UInt8] = []
    var pieces: [Piece] = []
    let records = (course.length + course.step - 1) / course.step
    framing.reserveCapacity(Self.usualHead + Record.headerSize * (records + 8))
    pieces.reserveCapacity(2 * records + 1)
    if !hasBegun { Self.appendHead(of: response, id: id, to: &framing) }
    var framed = 0
    for start in stride(from: 0, to: course.length, by: course.step) {
      let range = start..<min(start + course.step, course.length)
      Record.appendHeader(.standardOutput, id: id, length: range.count, to: &framing)
      pieces.append(Piece(isBody: false, range: framed..<framing.count))
      pieces.append(Piece(isBody: true, range: range))
      framed = framing.count
    }
    if response.isLastPart, !course.isTruncated { Record.appendEnd(id: id, to: &framing) }
    pieces.append(Piece(isBody: false, range: framed..<framing.count))
    self.framing = framing
    self.pieces = pieces
    body = response.body
    file = if case .ofFile(let file, _) = response.delivery { file } else { nil }
    continuation = response.continuation
    stream = response.stream
    isTruncated = course.isTruncated
    pause = course.pause
    recordsPerPause = course.recordsPerPause
  }

  /// Bytes that are enough for the head of most responses.
  private static let usualHead = 1024

  /// Appends CGI's head (RFC 3875, section 6.3): the status as a header, then the headers, then an empty line.
  private static func appendHead(of response: Response, id: UInt16, to framing: inout [UInt8]) {
    let start = framing.count
    Record.appendHeader(.standardOutput, id: id, length: 0, to: &framing)
    framing.append("Status", ReasonPhrase.line(response.status))
    for (name, value) in response.headers { framing.append(name, value) }
    framing.append(13)
    framing.append(10)
    let length = framing.count - start - Record.headerSize
    guard length > Record.longestContent else { return Record.setLength(length, at: start, in: &framing) }
    let head = framing[(start + Record.headerSize)...]
    framing.removeSubrange(start...)
    for part in stride(from: head.startIndex, to: head.endIndex, by: Record.longestContent) {
      let part = head[part..<min(part + Record.longestContent, head.endIndex)]
      Record.appendHeader(.standardOutput, id: id, length: part.count, to: &framing)
      framing.append(contentsOf: part)
    }
  }

  /// Leaves out the remaining pauses.
  mutating func hurry() { pause = nil }

  /// Sends as much as the socket accepts without blocking.
  mutating func send(to descriptor: CInt) throws(Errno) -> Progress {
    guard file != nil else { return try sendPieces(to: descriptor) }
    // libfcgi, which reads from the socket, expects one that waits.
    return try withoutWaiting(descriptor) { () throws(Errno) in try sendPieces(to: descriptor) }
  }

  private mutating func sendPieces(to descriptor: CInt) throws(Errno) -> Progress {
    while nextPiece < pieces.count {
      do {
        advance(by: try sendSome(to: descriptor))
      } catch .wouldBlock {
        return .blocked
      }
      if let pause, sentOfPiece == 0, piecesToPause == piecesPerPause, nextPiece < pieces.count - 1 { return .pausing(pause) }
    }
    return .sent
  }

  /// Each record of the body consists of two pieces.
  private var piecesPerPause: Int { 2 * recordsPerPause }

  private var piecesToPause: Int { piecesPerPause - nextPiece % piecesPerPause }

  /// Number of pieces per call: 64 times 64 KB is more than the buffer of any socket. Those of a file need a call each.
  private var batch: Int {
    if file != nil { return 1 }
    return pause == nil ? 128 : min(128, piecesToPause)
  }

  private func sendSome(to descriptor: CInt) throws(Errno) -> Int {
    if let file, pieces[nextPiece].isBody { return try file.send(pieces[nextPiece].range.dropFirst(sentOfPiece), to: descriptor) }
    let batch = pieces[nextPiece..<min(nextPiece + self.batch, pieces.count)]
    return try systemCall {
      unsafe framing.withUnsafeBytes { framing in
        unsafe body.withUnsafeBytes { body in
          unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: batch.count) { vector in
            for (slot, index) in batch.indices.enumerated() {
              let range = pieces[index].range.dropFirst(index == nextPiece ? sentOfPiece : 0)
              let bytes = unsafe UnsafeRawBufferPointer(rebasing: (pieces[index].isBody ? body : framing)[range])
              let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
              unsafe vector.initializeElement(at: slot, to: iovec(iov_base: start, iov_len: bytes.count))
            }
            var message = unsafe msghdr()
            unsafe message.msg_iov = vector.baseAddress
            unsafe message.msg_iovlen = batch.count
            return unsafe sendmsg(descriptor, &message, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
          }
        }
      }
    }
  }

  private mutating func advance(by count: Int) {
    sentCount += count
    var left = count
    while nextPiece < pieces.count {
      let rest = pieces[nextPiece].range.count - sentOfPiece
      guard left >= rest else { break }
      left -= rest
      nextPiece += 1
      sentOfPiece = 0
    }
    sentOfPiece += left
  }
}

extension [UInt8] {
  /// Appends a line of the head.
  fileprivate mutating func append(_ name: String, _ value: String) {
    append(name)
    append(58)
    append(32)
    append(value)
    append(13)
    append(10)
  }

  /// Appends a text, as a whole if the string has its bytes in one place, as nearly all have.
  private mutating func append(_ text: String) {
    let whole: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(contentsOf: $0) }
    if whole == nil { append(contentsOf: text.utf8) }
  }
}

/// How the body of a response is divided.
private struct Course {
  /// Bytes to send.
  var length: Int
  /// Bytes per record.
  var step = Record.longestContent
  var pause: Duration?
  var recordsPerPause = 1
  var isTruncated = false

  init(_ response: Response) {
    length = response.body.count
    switch response.delivery {
    case .whole: break
    case .ofFile(_, let bytes): length = bytes
    case .truncated(let bytes):
      length = min(max(bytes, 0), length)
      isTruncated = true
    case .throttled(let pieces, let pause):
      let piece = max((length + pieces - 1) / max(pieces, 1), 1)
      recordsPerPause = (piece + Record.longestContent - 1) / Record.longestContent
      step = (piece + recordsPerPause - 1) / recordsPerPause
      self.pause = pause
    }
  }
}

/// The FastCGI framing of a response (specification 1.0, sections 3.3 and 8), written here instead of by libfcgi.
///
/// ```
/// version 1 │ type │ request id, 2 bytes │ content length, 2 bytes │ padding length │ reserved
/// ```
enum Record {
  static let headerSize = 8
  /// The longest content of one record: 65535 rounded down to a multiple of 8, so that only the last record could need padding.
  static let longestContent = 65528

  static func appendHeader(_ type: RecordType, id: UInt16, length: Int, to bytes: inout [UInt8]) {
    append(UInt64(1) << 56 | UInt64(type.rawValue) << 48 | UInt64(id) << 32 | UInt64(length) << 16, to: &bytes)
  }

  /// Sets the content length of the record whose header is at `position`.
  static func setLength(_ length: Int, at position: Int, in bytes: inout [UInt8]) {
    bytes[position + 4] = UInt8(length >> 8)
    bytes[position + 5] = UInt8(length & 0xff)
  }

  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: word.bigEndian) { unsafe bytes.append(contentsOf: $0.bindMemory(to: UInt8.self)) }
  }

  /// The end of standard output, then the end of the request: application status 0, protocol status 0 (request complete).
  static func appendEnd(id: UInt16, to bytes: inout [UInt8]) {
    appendHeader(.standardOutput, id: id, length: 0, to: &bytes)
    appendHeader(.endRequest, id: id, length: 8, to: &bytes)
    append(0, to: &bytes)
  }
}

enum RecordType: UInt8 {
  case endRequest = 3
  case standardOutput = 6
}
