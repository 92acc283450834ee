import Glibc

/// A file descriptor that is closed when its owner is destroyed.
package struct FileHandle: ~Copyable {
  package let rawValue: CInt

  package init(owning rawValue: CInt) { self.rawValue = rawValue }

  deinit { _ = close(rawValue) }
}
