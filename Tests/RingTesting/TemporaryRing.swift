import Glibc
package import SharedMemory

/// A name for a ring that goes with its owner, or as a ``TemporaryStore`` does.
package struct TemporaryRing: ~Copyable {
  package let name: String
  package let size: Int
  private let owner = getpid()

  package init(pages: Int) {
    name = "/\(TemporaryStore.prefix)\(TemporaryStore.uniqueName())"
    size = pages * 4096
  }

  /// A child that is forked meanwhile has a copy, but not the ring.
  deinit { if getpid() == owner { Segment.unlink(name) } }

  /// Opens it, creating it where it is not there yet.
  package func open() throws -> Ring { try Ring(name: name, size: size) }
}
