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

  /// Sends bytes of the file to a socket, as many as it takes at once. They are not copied.
  ///
  /// - Parameter range: bytes of the file; not empty.
  /// - Returns: how many bytes were sent.
  /// - Throws: `wouldBlock` if the socket is full, `ioError` if the file ends before the range.
  package func send(_ range: Range<Int>, to socket: CInt) throws(Errno) -> Int {
    // sendfile has no MSG_DONTWAIT: it waits unless the socket itself never does. libfcgi, which reads from it, expects one that waits.
    let flags = try systemCall { fcntl(socket, F_GETFL) }
    try systemCall { fcntl(socket, F_SETFL, flags | O_NONBLOCK) }
    defer { _ = fcntl(socket, F_SETFL, flags) }
    var offset = off_t(range.lowerBound)
    let sent = try systemCall { unsafe sendfile(socket, handle.rawValue, &offset, range.count) }
    guard sent > 0 else { throw .ioError }
    return sent
  }
}
