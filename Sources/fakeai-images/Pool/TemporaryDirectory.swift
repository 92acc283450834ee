import FoundationEssentials
import Glibc
import SystemCalls
import SystemPackage

/// A fresh directory that only its owner can enter (0700), removed with everything in it at the end.
///
/// A process that is killed cannot remove its directory, so the next one does. The directory itself is locked (flock(2)) for as long as its
/// process lives, however that ends: what can be locked is abandoned.
struct TemporaryDirectory: ~Copyable {
  let path: FilePath
  private let lock: FileHandle

  private static let prefix = "fakeai-images-pool-"

  /// - Parameter parent: an existing directory.
  init(in parent: FilePath) throws(Errno) {
    Self.removeAbandoned(in: parent)
    while true {
      let path = try Self.make(in: parent)
      // In between, someone else may have found it unlocked and be about to remove it.
      guard let lock = Self.lock(path) else { continue }
      self.path = path
      self.lock = lock
      return
    }
  }

  deinit { Self.remove(path) }

  /// Writes a file that did not exist.
  func write(_ text: String, to name: String) throws(Errno) -> FilePath {
    let file = path.appending(name)
    do {
      let descriptor = try FileDescriptor.open(file, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
      try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    } catch {
      throw error as? Errno ?? .ioError
    }
    return file
  }

  private static func make(in parent: FilePath) throws(Errno) -> FilePath {
    var template = Array(parent.appending(prefix + "XXXXXX").string.utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    return FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  private static func lock(_ path: FilePath) -> FileHandle? {
    guard let descriptor = try? systemCall({ unsafe open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }) else {
      return nil
    }
    let file = FileHandle(owning: descriptor)
    guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return file
  }

  private static func removeAbandoned(in parent: FilePath) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.string)) ?? []
    for name in names where name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + 6 {
      let path = parent.appending(name)
      guard let lock = lock(path) else { continue }
      remove(path)
      _ = consume lock
    }
  }

  /// What cannot be removed is left: there is nobody to tell.
  private static func remove(_ path: FilePath) { try? FileManager.default.removeItem(atPath: path.string) }
}
