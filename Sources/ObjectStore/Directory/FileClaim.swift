import CPOSIX
import Glibc
import SystemCalls
import SystemPackage

/// A claim by a lock on a file, which the kernel releases however its holder ends. The file goes with the claim.
final class FileClaim: ObjectClaim {
  private let path: String
  private let file: FileHandle

  /// - Parameter isNew: whether to create the file if it is missing.
  /// - Returns: nil if another claim has the lock, or if there is no file.
  init?(path: String, isNew: Bool = true) throws(Errno) {
    self.path = path
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | (isNew ? O_CREAT : 0)
    while true {
      let descriptor: CInt
      do throws(Errno) {
        descriptor = try systemCall { unsafe open(path, flags, 0o600) }
      } catch .noSuchFileOrDirectory where !isNew {
        return nil
      }
      let file = FileHandle(owning: descriptor)
      do throws(Errno) { try systemCall { cposix_lock_bytes(file.rawValue, 0, 1, false) } } catch {
        guard error == .resourceTemporarilyUnavailable || error == .permissionDenied else { throw error }
        return nil
      }
      // Its last holder may have removed it since it was opened here. Then somebody else may hold a new file.
      guard Self.isNamed(file, path) else { continue }
      self.file = file
      return
    }
  }

  var isHeld: Bool { Self.isNamed(file, path) }

  /// Whether the path still leads to the file.
  private static func isNamed(_ file: borrowing FileHandle, _ path: String) -> Bool {
    var (own, named) = (stat(), stat())
    return unsafe fstat(file.rawValue, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  deinit { if Self.isNamed(file, path) { _ = unsafe unlink(path) } }
}
