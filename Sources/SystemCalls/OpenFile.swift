package import Glibc
package import SystemPackage

/// A file that can be read from any thread.
package final class OpenFile: Sendable, Equatable {
  private let handle: FileHandle

  package init(_ handle: consuming FileHandle) { self.handle = handle }

  package static func == (one: OpenFile, other: OpenFile) -> Bool { one === other }

  package func status() throws(Errno) -> stat {
    var status = stat()
    try systemCall { unsafe fstat(handle.rawValue, &status) }
    return status
  }

  /// The first bytes of the file.
  /// - Returns: nil if the file has fewer.
  package func read(_ count: Int) throws(Errno) -> [UInt8]? { try handle.read(count, at: 0) }

  /// Sends bytes of the file to a socket, as many as it takes at once. They are not copied. sendfile has no MSG_DONTWAIT: it waits unless
  /// ``withoutWaiting(_:_:)`` prevents that.
  ///
  /// - Parameter range: bytes of the file; not empty.
  /// - Returns: how many bytes were sent.
  /// - Throws: `wouldBlock` if the socket is full, `ioError` if the file ends before the range.
  package func send(_ range: Range<Int>, to socket: CInt) throws(Errno) -> Int {
    var offset = off_t(range.lowerBound)
    let sent = try systemCall { unsafe sendfile(socket, handle.rawValue, &offset, range.count) }
    guard sent > 0 else { throw .ioError }
    return sent
  }
}

/// Lets no call wait for a socket that otherwise waits, as long as the body runs.
package func withoutWaiting<Result>(_ socket: CInt, _ body: () throws(Errno) -> Result) throws(Errno) -> Result {
  var isNonblocking: CInt = 1
  try systemCall { unsafe ioctl(socket, UInt(FIONBIO), &isNonblocking) }
  defer {
    isNonblocking = 0
    _ = unsafe ioctl(socket, UInt(FIONBIO), &isNonblocking)
  }
  return try body()
}
