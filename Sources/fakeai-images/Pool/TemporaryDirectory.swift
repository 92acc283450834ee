import FoundationEssentials
import Glibc
import SystemPackage

/// A fresh directory that only its owner can enter (0700), removed with everything in it at the end.
struct TemporaryDirectory: ~Copyable {
  let path: FilePath

  /// - Parameter parent: an existing directory.
  init(in parent: FilePath) throws(Errno) {
    var template = Array(parent.appending("fakeai-images-XXXXXX").string.utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  deinit {
    // What cannot be removed is left: there is nobody to tell.
    try? FileManager.default.removeItem(atPath: path.string)
  }

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
}
