import Glibc
import SystemCalls
import SystemPackage

/// An open directory. All operations are relative to its descriptor, because a path could lead elsewhere by the time it is used, if someone
/// replaces one of its components with a symbolic link.
struct Directory: ~Copyable {
  let descriptor: FileHandle

  /// Identifies a file on this machine independently of its name.
  struct Identity: Equatable {
    var device: dev_t
    var inode: ino_t

    init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }
  }

  /// Opens a directory that the caller names; its path may contain symbolic links.
  init(path: FilePath) throws(Errno) {
    descriptor = FileHandle(owning: try systemCall { unsafe open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
  }

  /// Opens an entry that is a directory, not a link to one.
  init(_ name: String, in parent: borrowing Directory) throws(Errno) {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let parent = parent.descriptor.rawValue
    descriptor = FileHandle(owning: try systemCall { unsafe openat(parent, name, flags) })
  }

  var status: stat {
    get throws(Errno) {
      var status = stat()
      try systemCall { unsafe fstat(descriptor.rawValue, &status) }
      return status
    }
  }

  /// Creates a directory that only its owner can enter.
  func makeDirectory(_ name: String) throws(Errno) { try systemCall { unsafe mkdirat(descriptor.rawValue, name, 0o700) } }

  /// Creates a file that only its owner can read. Fails if anything has that name.
  func create(_ name: String) throws(Errno) -> FileDescriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    return FileDescriptor(rawValue: try systemCall { unsafe openat(descriptor.rawValue, name, flags, 0o600) })
  }

  /// The entries' names, without `.` and `..`.
  func names() throws(Errno) -> [String] {
    // A separate file description, because reading moves the position.
    let copy = try systemCall { unsafe openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard let stream = unsafe fdopendir(copy) else {
      let error = Errno(rawValue: errno)
      _ = close(copy)
      throw error
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes its contents, except for directories of other owners or on other file systems. Links are removed, not followed.
  ///
  /// - Parameter depth: how many levels of directories below this one are removed; anything deeper stays.
  func removeContents(depth: Int) {
    guard let own = try? status, let names = try? names() else { return }
    for name in names {
      // This fails with EISDIR for a directory, so the type of the entry need not be known before.
      if unsafe unlinkat(descriptor.rawValue, name, 0) == 0 { continue }
      guard depth > 0, let child = try? Directory(name, in: self), let status = try? child.status else { continue }
      guard status.st_dev == own.st_dev, status.st_uid == own.st_uid else { continue }
      child.removeContents(depth: depth - 1)
      removeDirectory(name, Identity(status))
    }
  }

  /// Removes an empty directory, if the name still belongs to the directory that the caller means.
  func removeDirectory(_ name: String, _ identity: Identity) {
    var status = stat()
    guard unsafe fstatat(descriptor.rawValue, name, &status, AT_SYMLINK_NOFOLLOW) == 0, Identity(status) == identity else { return }
    _ = unsafe unlinkat(descriptor.rawValue, name, AT_REMOVEDIR)
  }
}
