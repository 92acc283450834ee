import CPOSIX
import CRingLayout
import Glibc
import SystemCalls
import SystemPackage

/// The steps of opening a segment, each of which may refuse.
extension Segment {
  static func open(_ name: String, create: Bool) throws(SegmentError) -> FileHandle {
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0)
    let descriptor: CInt
    do {
      descriptor = try systemCall { unsafe shm_open(name, flags, 0o600) }
    } catch .noSuchFileOrDirectory {
      throw .absent(name: name)
    } catch {
      throw reasonsToRefuse[error].map { .refused(reason: $0, name: name) } ?? .system(error, doing: "open", name: name)
    }
    let file = FileHandle(owning: descriptor)
    try checkOwnership(of: file, name)
    return file
  }

  /// What shm_open(3) means by its errors. Where others may write (/dev/shm is sticky), Linux refuses to create what is another user's file
  /// (protected_regular in proc_sys_fs(5)), to root too.
  private static let reasonsToRefuse: [Errno: String] = [
    .tooManySymbolicLinkLevels: "it is a symbolic link", .invalidArgument: "it is a directory",
    .permissionDenied: "it belongs to another user, or its mode is not 600",
  ]

  private static func checkOwnership(of file: borrowing FileHandle, _ name: String) throws(SegmentError) {
    let status = try status(of: file, name)
    guard status.st_mode & S_IFMT == S_IFREG else { throw .refused(reason: "it is not a regular file", name: name) }
    guard status.st_uid == geteuid() else {
      throw .refused(reason: "it belongs to user \(status.st_uid), not \(geteuid())", name: name)
    }
    guard status.st_mode & 0o777 == 0o600 else {
      throw .refused(reason: "its mode is \(String(status.st_mode & 0o777, radix: 8)), not 600", name: name)
    }
  }

  /// Opens the segment and takes the lock under which it is created.
  ///
  /// Anew where the name was removed meanwhile, by a creator that found no room or by an operator: others would make another segment and
  /// never see what is put in this one.
  static func openLocked(_ name: String, create: Bool) throws(SegmentError) -> FileHandle {
    for _ in 0..<100 {
      let file = try open(name, create: create)
      try lock(file, name)
      if try status(of: file, name).st_nlink > 0 { return file }
    }
    throw .busy(name: name)
  }

  /// Waits for whoever is creating the segment, 10 s at most: allocating 64 GiB may take long, a stopped process for ever.
  static func lock(_ file: borrowing FileHandle, _ name: String) throws(SegmentError) {
    if Mutant.createsUnlocked.isOn { return }
    for _ in 0..<1000 {
      if cposix_lock_bytes(file.rawValue, 0, 1, false) == 0 { return }
      usleep(10_000)
    }
    throw .busy(name: name)
  }

  /// Whether nobody finished creating it: an empty file, or zeroes where the magic number goes.
  static func isUnfinished(_ file: borrowing FileHandle, _ name: String) throws(SegmentError) -> Bool {
    var magic: UInt64 = 0
    let count = try attempt("read", name) { () throws(Errno) in
      try systemCall { unsafe pread(file.rawValue, &magic, MemoryLayout<UInt64>.size, 0) }
    }
    if count == 0 || magic == 0 { return true }
    guard magic == Self.magic else { throw .refused(reason: "it is not a fakeai-images segment", name: name) }
    return false
  }

  static func allocate(_ size: Int, _ file: borrowing FileHandle, _ name: String) throws(SegmentError) {
    do {
      // Whatever a dead creator left: back to nothing, then zeroed pages that are really there.
      try systemCall { ftruncate(file.rawValue, 0) }
      try systemCode { posix_fallocate(file.rawValue, 0, off_t(size)) }
    } catch {
      ftruncate(file.rawValue, 0)
      unlink(name)
      throw error == .noSpace ? .noRoom(bytes: size, name: name) : .system(error, doing: "allocate", name: name)
    }
  }

  static func checkSize(_ file: borrowing FileHandle, expected: Int, _ name: String) throws(SegmentError) {
    let found = Int(try status(of: file, name).st_size)
    guard found == expected else { throw .otherSize(found: found, expected: expected, name: name) }
  }

  static func map(
    _ file: borrowing FileHandle, size: Int, mirrored: Int, _ name: String
  ) throws(SegmentError) -> UnsafeMutableRawPointer {
    // One reservation, so that both views are certain to lie back to back.
    guard let base = unsafe mmap(nil, size + mirrored, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
      unsafe base != MAP_FAILED
    else { throw .system(Errno(rawValue: errno), doing: "reserve addresses for", name: name) }
    let all = unsafe mmap(base, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.rawValue, 0)
    let mirror =
      unsafe mirrored == 0
      ? all
      : mmap(base + size, mirrored, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.rawValue, off_t(size - mirrored))
    guard unsafe all != MAP_FAILED, unsafe mirror != MAP_FAILED else {
      let error = Errno(rawValue: errno)
      unsafe munmap(base, size + mirrored)
      throw .system(error, doing: "map", name: name)
    }
    return unsafe base
  }

  static func status(of file: borrowing FileHandle, _ name: String) throws(SegmentError) -> stat {
    var status = stat()
    try attempt("examine", name) { () throws(Errno) in _ = try systemCall { unsafe fstat(file.rawValue, &status) } }
    return status
  }

  static func attempt<Result>(
    _ doing: String, _ name: String, _ body: () throws(Errno) -> Result
  ) throws(SegmentError) -> Result {
    do { return try body() } catch { throw .system(error, doing: doing, name: name) }
  }
}
