import Foundation
import Glibc
import Synchronization

/// A directory that goes with its owner, or when the process ends; and if the process is killed, when the next one makes a directory.
package final class TemporaryFolder: Sendable {
  package let path: String

  private static let parent = "/tmp"
  private static let prefix = "fakeai-redis-"
  private static let all = Mutex<Set<String>>([])

  package init() {
    _ = Self.cleaning
    path = "\(Self.parent)/\(Self.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    precondition(mkdir(path, 0o700) == 0, "mkdir: \(errno)")
    Self.all.withLock { _ = $0.insert(path) }
  }

  deinit { Self.remove(path) }

  package func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }

  private static let cleaning: Void = {
    removeLeftovers()
    // What is static is never destroyed.
    atexit { for path in TemporaryFolder.all.withLock({ $0 }) { TemporaryFolder.remove(path) } }
  }()

  private static func remove(_ path: String) {
    all.withLock { _ = $0.remove(path) }
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func removeLeftovers() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
      guard let owner = CInt(name.dropFirst(prefix.count).prefix { $0 != "-" }), owner > 0 else { continue }
      if kill(owner, 0) != 0, errno == ESRCH { remove("\(parent)/\(name)") }
    }
  }
}
