import Glibc
import ImageStore
import RingTesting
import SharedMemory

/// A directory for a test, and a name for the store in it.
final class TemporaryDirectory: Sendable {
  let path: String
  private let store = TemporaryStore()
  private let owner = getpid()

  var storeName: String { store.name }

  init() {
    var template = Array("/tmp/fakeai-test-\(getpid())-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  deinit { if getpid() == owner { remove() } }

  func remove() {
    removeContents()
    rmdir(path)
    Segment.unlink(DiskStore.segmentName(storeName))
  }

  func removeContents() { Self.removeContents(of: path) }

  /// The paths of all files below, without directories.
  var files: [String] { Self.names(in: path).flatMap { Self.files(at: path + "/" + $0) }.sorted() }

  private static func files(at path: String) -> [String] {
    isDirectory(path) ? names(in: path).flatMap { files(at: path + "/" + $0) } : [path]
  }

  private static func removeContents(of path: String) {
    for name in names(in: path) {
      let entry = path + "/" + name
      if isDirectory(entry) { removeContents(of: entry) }
      Glibc.remove(entry)
    }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
