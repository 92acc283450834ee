import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// The directory of a store on disk:
///
/// ```
/// <path>/.fakeai-images                                  see ``DiskMarker``
/// <path>/1c7d2a4/1c7d2a45f3108a2bb0c3….png               a file for each image, in the directory of the minute in which it expires
/// ```
///
/// A file gets its name when it is complete, so a process that dies leaves no part of one. Nothing is flushed to the disk: an image survives
/// the end of every process at once, but if the machine loses power, those of the last seconds may be lost or cut short. So a file's
/// modification time has the second in which the image was created, and, as its nanoseconds, the file's length: a file that is not as long
/// as it was is not served.
///
/// Everything else in the directory is left alone. Every operation begins at the path, so that a file system that comes back is used again. (Reading may
/// begin at a file that is open already: see ``RecentFiles``.)
struct DiskDirectory: Sendable {
  let path: String
  /// The file system on which the directory was when it was opened.
  let device: dev_t
  let keepsLengths: Bool
  let fileSystem = NewFile.FileSystem()
  let token: UInt64
  let marker: Shared<Marker>
  let recent = RecentFiles()

  /// Keeps the lock on the file for as long as this object lives.
  final class Marker: Sendable {
    let keepsNanoseconds: Bool
    private let file: DiskMarker

    init(_ file: consuming DiskMarker) {
      keepsNanoseconds = file.keepsNanoseconds
      self.file = file
    }
  }

  /// A value that the copies of a structure share.
  final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
      get { mutex.withLock { $0 } }
      set { mutex.withLock { $0 = newValue } }
    }
  }

  /// Opens a directory, creating it if only the last component of its path is missing.
  ///
  /// - Parameter token: identifies the index of its images.
  init(path: String, token: UInt64) throws(DiskStoreRefusal) {
    device = try Self.check(path)
    self.path = path
    self.token = token
    let marker = Marker(try DiskMarker(in: path, token: token))
    keepsLengths = marker.keepsNanoseconds
    self.marker = Shared(marker)
  }

  /// Checks that a directory can be used, and creates it if only the last component of its path is missing.
  /// - Returns: its device.
  @discardableResult
  static func check(_ path: String) throws(DiskStoreRefusal) -> dev_t {
    let creation = unsafe mkdir(path, directoryMode) == 0 ? nil : Errno(rawValue: errno)
    // As if there were no umask.
    if creation == nil { _ = unsafe chmod(path, directoryMode) }
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { throw refusal(path, creation ?? Errno(rawValue: errno), doing: "create") }
    if status.st_mode & S_IFMT == S_IFLNK { throw .symbolicLink(path: path) }
    if status.st_mode & S_IFMT != S_IFDIR { throw .notADirectory(path: path) }
    guard unsafe faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) == 0 else {
      let error = Errno(rawValue: errno)
      guard error == .permissionDenied else { throw refusal(path, error, doing: "write to") }
      throw .notPermitted(path: path, user: geteuid(), owner: status.st_uid, mode: status.st_mode & 0o7777)
    }
    return status.st_dev
  }

  private static func refusal(_ path: String, _ error: Errno, doing: String) -> DiskStoreRefusal {
    switch error {
    case .noSuchFileOrDirectory: .noParent(path: path)
    case .readOnlyFileSystem: .readOnly(path: path)
    default: .system(error, doing: doing, path: path)
    }
  }

  /// Others may enter a directory but not list it, and read a file whose name they know: nginx may run as another user than the workers, and
  /// a client that knows the name can fetch the image anyway.
  static let directoryMode: mode_t = 0o711
  static let fileMode: mode_t = 0o644
}
