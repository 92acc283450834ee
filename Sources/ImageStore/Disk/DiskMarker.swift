import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// The file `.fakeai-images`, by which a directory is known to hold images. It contains the token of the index of the pools that use them.
///
/// A file system that is no longer mounted leaves an empty directory in its place, which has no such file: nothing is written there. And
/// each user holds a lock on the file, so that no two pools count the same images in indexes of their own, each unaware of the other's.
/// (Pools of one machine share an index if they have the same store name; pools in two containers cannot.)
struct DiskMarker: ~Copyable {
  private let file: FileHandle
  /// Whether the file system keeps the nanoseconds of a file's time, in which ``DiskDirectory`` has the lengths of files.
  let keepsNanoseconds: Bool

  static let name = ".fakeai-images"

  /// The bytes of the file that are locked: by a process that joins, and by all that have joined.
  private enum Byte {
    static let joining: off_t = 0
    static let users: off_t = 1
  }

  init(in directory: String, token: UInt64) throws(DiskStoreRefusal) {
    let path = directory + "/" + Self.name
    let writer = try Self.open(path, O_RDWR | O_CREAT)
    // The one that stays open can only read, so that the file system can be made read-only.
    let reader = try Self.open(path, O_RDONLY)
    let keepsNanoseconds = try Self.attempt("write to", path) { () throws(Errno) in try Self.probe(writer) }
    let found = try Self.attempt("lock", path) { () throws(Errno) in try Self.join(writer, as: reader, token) }
    guard found == token else { throw .inUse(path: directory) }
    file = reader
    self.keepsNanoseconds = keepsNanoseconds
  }

  private static func open(_ path: String, _ flags: CInt) throws(DiskStoreRefusal) -> FileHandle {
    let descriptor = try attempt("open", path) { () throws(Errno) in
      try systemCall { unsafe Glibc.open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0o600) }
    }
    return FileHandle(owning: descriptor)
  }

  /// Becomes a user of the file, and writes the token if there is no other.
  ///
  /// - Parameter user: a description of the file that stays open.
  /// - Returns: the token in the file.
  private static func join(
    _ file: borrowing FileHandle, as user: borrowing FileHandle, _ token: UInt64
  ) throws(Errno) -> UInt64 {
    try wait(for: file)
    defer { _ = cposix_unlock_bytes(file.rawValue, Byte.joining, 1) }
    let isUsed = try systemCall { cposix_bytes_locked(file.rawValue, Byte.users, 1) } == 1
    try systemCall { cposix_share_bytes(user.rawValue, Byte.users, 1) }
    var word = token
    if isUsed {
      try systemCall { unsafe pread(file.rawValue, &word, 8, 0) }
    } else {
      try systemCall { unsafe pwrite(file.rawValue, &word, 8, 0) }
    }
    return word
  }

  private static func attempt<Result>(
    _ doing: String, _ path: String, _ body: () throws(Errno) -> Result
  ) throws(DiskStoreRefusal) -> Result {
    do { return try body() } catch { throw error == .readOnlyFileSystem ? .readOnly(path: path) : .system(error, doing: doing, path: path) }
  }

  /// A process that is stopped while it joins is waited for no longer than 2 s.
  private static func wait(for file: borrowing FileHandle) throws(Errno) {
    for _ in 0..<200 {
      if cposix_lock_bytes(file.rawValue, Byte.joining, 1, false) == 0 { return }
      let error = Errno(rawValue: errno)
      guard error == .resourceTemporarilyUnavailable || error == .permissionDenied else { throw error }
      usleep(10_000)
    }
    throw .resourceTemporarilyUnavailable
  }

  private static func probe(_ file: borrowing FileHandle) throws(Errno) -> Bool {
    let nanoseconds = 123_456_789
    let time = timespec(tv_sec: 1_000_000_000, tv_nsec: nanoseconds)
    try systemCall { unsafe futimens(file.rawValue, [time, time]) }
    var status = stat()
    try systemCall { unsafe fstat(file.rawValue, &status) }
    return status.st_mtim.tv_nsec == nanoseconds
  }
}
