package import Glibc
import Synchronization
package import SystemPackage

/// A file that gets its name when it is complete, so that no reader sees a part of it, and a process that dies leaves none under that name.
///
/// Until then it has no name at all (O_TMPFILE), or one that readers ignore, if the file system has no files without names.
package struct NewFile: ~Copyable {
  package let handle: FileHandle
  /// A name that readers ignore.
  private let partial: String
  private let isNamed: Bool

  /// What was learned about a file system: whether it has files without names.
  package final class FileSystem: Sendable {
    // A file without a name gets one by way of /proc.
    private let isCapable = Atomic(unsafe access("/proc/self/fd", F_OK) == 0)

    package init() {}

    fileprivate var hasUnnamedFiles: Bool {
      get { isCapable.load(ordering: .relaxed) }
      set { isCapable.store(newValue, ordering: .relaxed) }
    }
  }

  /// - Parameters:
  ///   - partial: a path in the directory that no other file has, and that readers ignore. What a process leaves there that dies must be removed
  ///     by others.
  ///   - mode: as if there were no umask.
  package init(in directory: String, partial: String, mode: mode_t, on fileSystem: FileSystem) throws(Errno) {
    let (descriptor, isNamed) = try Self.open(directory, partial, mode, fileSystem)
    // Fails only on a file system without modes.
    _ = fchmod(descriptor, mode)
    handle = FileHandle(owning: descriptor)
    self.partial = partial
    self.isNamed = isNamed
  }

  private static func open(
    _ directory: String, _ partial: String, _ mode: mode_t, _ fileSystem: FileSystem
  ) throws(Errno) -> (CInt, isNamed: Bool) {
    if fileSystem.hasUnnamedFiles {
      do throws(Errno) {
        return (try systemCall { unsafe Glibc.open(directory, unnamed | O_WRONLY | O_CLOEXEC, mode) }, false)
      } catch {
        guard [.notSupported, .isDirectory, .invalidArgument].contains(error) else { throw error }
        fileSystem.hasUnnamedFiles = false
      }
    }
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    return (try systemCall { unsafe Glibc.open(partial, flags, mode) }, true)
  }

  /// O_TMPFILE, which Swift does not import.
  private static let unnamed = 0o20_000_000 | O_DIRECTORY

  deinit { if isNamed { _ = unsafe unlink(partial) } }

  /// Whether it is an error to give it, without replacing, a name that another file has. Not every file system can tell.
  package var noticesTakenName: Bool { !isNamed }

  /// Gives the file its name, once. Another file that has the name loses it; but if `replaces` is false, that may also be an error, see
  /// ``noticesTakenName``.
  package func link(as name: String, replaces: Bool) throws(Errno) {
    guard !isNamed else { return try rename(to: name) }
    do throws(Errno) {
      try link(to: name)
    } catch .fileExists where replaces {
      try link(to: partial)
      do throws(Errno) { try rename(to: name) } catch {
        _ = unsafe unlink(partial)
        throw error
      }
    }
  }

  private func link(to name: String) throws(Errno) {
    try systemCall { unsafe linkat(AT_FDCWD, "/proc/self/fd/\(handle.rawValue)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) }
  }

  private func rename(to name: String) throws(Errno) { try systemCall { unsafe Glibc.rename(partial, name) } }
}

extension FileHandle {
  /// Writes all bytes, from the place where the last write ended.
  package borrowing func write(_ bytes: [UInt8]) throws(Errno) {
    let descriptor = rawValue
    var written = 0
    while written < bytes.count {
      written += try systemCall {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written) }
      }
    }
  }

  /// Reads that many bytes, from a place that other reads and writes do not change.
  /// - Returns: nil if the file has fewer.
  package borrowing func read(_ count: Int, at offset: Int) throws(Errno) -> [UInt8]? {
    let descriptor = rawValue
    var error: Errno?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(Errno) {
        while filled < count {
          let (start, rest) = (unsafe buffer.baseAddress! + filled, count - filled)
          let more = try systemCall { unsafe pread(descriptor, start, rest, offset + filled) }
          if more == 0 { return }
          filled += more
        }
      } catch let failure {
        error = failure
      }
    }
    if let error { throw error }
    return bytes.count == count ? bytes : nil
  }
}
