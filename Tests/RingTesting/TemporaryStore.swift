import Glibc

/// A name for a store, whose shared memory goes with this object; and if the test process is killed, with the next one that makes a name.
///
/// The name has the id of the process in it. What belongs to a process that has gone is removed before the first name of another one is made,
/// by these tests and by those of the pool, which name their stores in the same way (Tests/Support/leftovers.py).
package final class TemporaryStore: Sendable {
  /// As `FAKEAI_IMAGE_STORE_NAME` has it.
  package let name: String
  private let owner = getpid()

  package init() { name = Self.uniqueName() }

  /// A child that is forked meanwhile has a copy, but not the store.
  deinit { if getpid() == owner { removeSegments() } }

  /// The name of a segment that belongs to no other store.
  package var segmentName: String { "/\(Self.prefix)\(name)" }

  private func removeSegments() {
    for file in Self.files where file == "\(Self.prefix)\(name)" || file.hasPrefix("\(Self.prefix)\(name)-") { Self.remove(file) }
  }

  // MARK: - Names

  package static let prefix = "fakeai-images-"

  /// A name for what is removed elsewhere.
  package static func uniqueName() -> String {
    _ = leftovers
    return "test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  /// Removes what a process that died has left.
  package static func removeAll(of process: CInt) {
    for file in files where owner(of: file) == process { remove(file) }
  }

  private static let leftovers: Void = removeLeftovers()

  /// Removes what test processes have left that were killed.
  package static func removeLeftovers() {
    for file in files { if let owner = owner(of: file), hasGone(owner) { remove(file) } }
  }

  /// The process that made a segment for its tests: `fakeai-images-test-<process>-…`.
  private static func owner(of file: String) -> CInt? {
    let words = file.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
    guard words.count == 5, words[0] == "fakeai", words[1] == "images", words[2] == "test" else { return nil }
    return CInt(words[3])
  }

  private static func hasGone(_ process: CInt) -> Bool { process > 0 && kill(process, 0) != 0 && errno == ESRCH }

  // MARK: - Shared memory

  private static let folder = "/dev/shm"

  private static var files: [String] { names(in: folder) }

  private static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { names.append(String(cString: $0)) }
      }
    }
    return names
  }

  /// Files and responses are in a directory, and tests put directories under such names, too.
  private static func remove(_ file: String) { removeTree("\(folder)/\(file)") }

  /// Removes a file, or a directory with all that is in it.
  package static func removeTree(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      for name in names(in: path) where name != "." && name != ".." { removeTree("\(path)/\(name)") }
    }
    Glibc.remove(path)
  }
}
