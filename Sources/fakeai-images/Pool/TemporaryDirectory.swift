import Glibc
import SystemCalls
import SystemPackage

/// A new directory that only its owner can enter (0700), removed with its contents at the end.
///
/// A process that is killed cannot remove its directory, so the next process does. The directory is locked (flock(2)) for as long as its
/// process lives, however the process ends: a directory that can be locked is abandoned.
///
/// It is usually in /tmp, where anybody can create a directory of such a name and replace its contents at any time. So only a directory that
/// is ours and closed to everyone else is touched, and it is removed through descriptors, never by a path.
struct TemporaryDirectory: ~Copyable {
  let path: FilePath
  private let name: String
  private let parent: Directory
  /// Kept open to hold the lock.
  private let directory: Directory

  private static let prefix = "fakeai-images-pool-"
  private static let suffixLength = 6
  /// Levels of directories below it that are removed: nginx's temporary files have one.
  private static let depth = 8

  /// - Parameter parent: an existing directory.
  init(in parent: FilePath) throws(Errno) {
    let directory = try Directory(path: parent)
    Self.removeAbandoned(in: directory)
    for _ in 0..<100 {
      let name = Self.randomName()
      guard let own = try Self.make(name, in: directory) else { continue }
      path = parent.appending(name)
      self.name = name
      self.parent = directory
      self.directory = own
      return
    }
    throw .fileExists
  }

  deinit { Self.remove(directory, name, in: parent) }

  /// Writes a file that did not exist.
  func write(_ text: String, to name: String) throws(Errno) -> FilePath {
    let file = try directory.create(name)
    do {
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch {
      throw error as? Errno ?? .ioError
    }
    return path.appending(name)
  }

  private static func randomName() -> String {
    prefix + String((0..<suffixLength).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement()! })
  }

  /// - Returns: nil if the name is taken, or if another process found the directory before it was locked and has removed it.
  private static func make(_ name: String, in parent: borrowing Directory) throws(Errno) -> Directory? {
    do {
      try parent.makeDirectory(name)
    } catch {
      if error == .fileExists { return nil }
      throw error
    }
    return openLocked(name, in: parent)
  }

  /// Opens and locks a directory that is ours alone.
  private static func openLocked(_ name: String, in parent: borrowing Directory) -> Directory? {
    guard let directory = try? Directory(name, in: parent), let status = try? directory.status, let place = try? parent.status else {
      return nil
    }
    guard status.st_uid == geteuid(), status.st_mode & 0o777 == 0o700, status.st_dev == place.st_dev else { return nil }
    guard flock(directory.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0, (try? directory.status)?.st_nlink ?? 0 > 0 else { return nil }
    return directory
  }

  private static func removeAbandoned(in parent: borrowing Directory) {
    let names = (try? parent.names()) ?? []
    for name in names where name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + suffixLength {
      if let directory = openLocked(name, in: parent) { remove(directory, name, in: parent) }
    }
  }

  /// Failures are ignored, because there is nowhere to report them.
  private static func remove(_ directory: borrowing Directory, _ name: String, in parent: borrowing Directory) {
    directory.removeContents(depth: depth)
    if let status = try? directory.status { parent.removeDirectory(name, Directory.Identity(status)) }
  }
}
