import Glibc
package import SharedMemory

/// A name for a ring that goes with its owner.
package struct TemporaryRing: ~Copyable {
  private static let prefix = "fakeai-images-storm-"

  package let name: String
  package let size: Int
  private let owner = getpid()

  package init(pages: Int) {
    name = "/\(Self.prefix)\(getpid())-\(UInt64.random(in: 0 ... .max))"
    size = pages * 4096
  }

  /// A child that is forked meanwhile has a copy, but not the ring.
  deinit { if getpid() == owner { Segment.unlink(name) } }

  /// Opens it, creating it where it is not there yet.
  package func open() throws -> Ring { try Ring(name: name, size: size) }

  /// Removes what a process that died has left.
  package static func removeAll(of process: CInt) {
    guard let directory = opendir("/dev/shm") else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if file.hasPrefix("\(prefix)\(process)-") { Segment.unlink("/\(file)") }
    }
  }
}
