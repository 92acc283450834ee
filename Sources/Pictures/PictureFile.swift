import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// An open file of a directory of pictures.
package struct PictureFile: ~Copyable {
  private let descriptor: FileHandle
  /// As of when the file was opened.
  package let identity: Identity

  /// What tells a file's content from another: a file that is replaced has another inode, and one that is written to has another time.
  package struct Identity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    package private(set) var byteCount: Int
    /// Nanoseconds since 1970 of the last change of the content, and of anything about the file, which no program can set.
    var modified: Int64
    var changed: Int64

    fileprivate init(_ status: stat) {
      (device, inode, byteCount) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
      modified = WallClock.nanoseconds(seconds: status.st_mtim.tv_sec, and: status.st_mtim.tv_nsec)
      changed = WallClock.nanoseconds(seconds: status.st_ctim.tv_sec, and: status.st_ctim.tv_nsec)
    }

    /// Whether a file that is written to from now on is sure to get another time. The kernel's clock for files ticks every few milliseconds, so
    /// that two writes one after the other may leave the same time.
    ///
    /// - Parameter now: nanoseconds since 1970.
    package func isSettled(at now: Int64) -> Bool { now - max(modified, changed) > 100_000_000 }
  }

  /// Bytes of the largest file: as much as an upload of the API may have.
  package static let largest = 50 << 20

  /// Opens a file directly in a directory. A symbolic link counts if it stays in there, as those of Kubernetes' volumes do.
  ///
  /// The directory is found by its path each time, so that it can be replaced.
  ///
  /// - Throws: any reason but ``PictureError/Reason/undecodable(_:)``.
  package init(_ name: String, in directory: String) throws(PictureError.Reason) {
    try PictureName.check(name)
    let file: FileHandle
    do throws(Errno) { file = try Self.open(name, in: directory) } catch { throw Self.reason(error) }
    let status = try Self.status(of: file)
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    let size = Int(status.st_size)
    guard size <= Self.largest else { throw .tooLarge(bytes: size) }
    descriptor = file
    identity = Identity(status)
  }

  private static func open(_ name: String, in directory: String) throws(Errno) -> FileHandle {
    let place = FileHandle(owning: try systemCall { unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
    return FileHandle(owning: try systemCall { unsafe cposix_open_beneath(place.rawValue, name) })
  }

  private static func reason(_ error: Errno) -> PictureError.Reason {
    switch error {
    case .noSuchFileOrDirectory, .notDirectory: .unknown
    case .improperLink, .tooManySymbolicLinkLevels: .link
    // A socket.
    case .noSuchAddressOrDevice: .notRegular
    default: .system(error)
    }
  }

  private static func status(of descriptor: borrowing FileHandle) throws(PictureError.Reason) -> stat {
    var status = stat()
    do throws(Errno) { try systemCall { unsafe fstat(descriptor.rawValue, &status) } } catch { throw .system(error) }
    return status
  }

  /// The first bytes, at most `limit`.
  package func prefix(_ limit: Int) throws(PictureError.Reason) -> [UInt8] {
    do throws(Errno) {
      var bytes = [UInt8](repeating: 0, count: min(limit, identity.byteCount))
      var count = 0
      while count < bytes.count {
        let read = try systemCall {
          unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor.rawValue, $0.baseAddress! + count, $0.count - count, off_t(count)) }
        }
        if read == 0 { break }
        count += read
      }
      return Array(bytes[..<count])
    } catch {
      throw .system(error)
    }
  }

  /// All bytes; nil if the file changed meanwhile.
  package func content() throws(PictureError.Reason) -> [UInt8]? {
    let bytes = try prefix(identity.byteCount)
    return Identity(try Self.status(of: descriptor)) == identity && bytes.count == identity.byteCount ? bytes : nil
  }
}
