import Glibc
import SystemCalls
import SystemPackage

/// What a connection sends next: short pieces of commands, copied together, with at most one long piece among them, which is not copied.
struct OutputStage {
  /// How much of the first request was sent: whole pieces, and bytes of the next.
  private(set) var sentPieces = 0
  private(set) var sentBytes = 0

  private var short: [UInt8] = []
  /// Where in `short` the long piece belongs.
  private var place = 0
  private var long: [UInt8]?
  private var longOffset = 0

  private static let mostShort = 64 << 10

  /// Empties the stage, without forgetting how much of the first request was sent.
  mutating func clear() {
    short.removeAll(keepingCapacity: true)
    (long, longOffset, place) = (nil, 0, 0)
  }

  var isEmpty: Bool { short.isEmpty && long == nil }

  /// Adds as much of a request as fits.
  /// - Returns: whether all of it did.
  mutating func add(_ pieces: [[UInt8]], isFirst: Bool) -> Bool {
    var offset = isFirst ? sentBytes : 0
    for piece in pieces[(isFirst ? sentPieces : 0)...] {
      defer { offset = 0 }
      let count = piece.count - offset
      if count > RedisCommand.mostCopied {
        guard long == nil else { return false }
        (long, longOffset, place) = (piece, offset, short.count)
      } else {
        guard short.count + count <= Self.mostShort else { return false }
        short += piece[offset...]
      }
    }
    return true
  }

  /// Sends, without waiting.
  /// - Returns: the bytes sent.
  func send(to socket: CInt) throws(Errno) -> Int {
    try systemCall { unsafe withParts { unsafe Self.send($0, to: socket) } }
  }

  /// Calls a function with what is sent, in its order.
  func withParts<Value>(_ body: ([UnsafeRawBufferPointer]) -> Value) -> Value {
    unsafe short.withUnsafeBytes { short in
      guard let long else { return unsafe body([short]) }
      return unsafe long.withUnsafeBytes { long in
        unsafe body([
          UnsafeRawBufferPointer(rebasing: short[..<place]), UnsafeRawBufferPointer(rebasing: long[longOffset...]),
          UnsafeRawBufferPointer(rebasing: short[place...]),
        ])
      }
    }
  }

  private static func send(_ parts: [UnsafeRawBufferPointer], to socket: CInt) -> Int {
    var vectors = unsafe parts.map { unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count) }
    return unsafe vectors.withUnsafeMutableBufferPointer { vectors in
      var message = unsafe msghdr()
      unsafe message.msg_iov = vectors.baseAddress
      unsafe message.msg_iovlen = vectors.count
      return unsafe sendmsg(socket, &message, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
  }

  /// Notes that so many bytes of the first request were sent.
  /// - Returns: how many are left for the next request; nil if they do not complete this one.
  mutating func advance(_ count: Int, in pieces: [[UInt8]]) -> Int? {
    var count = count
    while sentPieces < pieces.count {
      let rest = pieces[sentPieces].count - sentBytes
      guard count >= rest else {
        sentBytes += count
        return nil
      }
      count -= rest
      (sentPieces, sentBytes) = (sentPieces + 1, 0)
    }
    (sentPieces, sentBytes) = (0, 0)
    return count
  }
}
