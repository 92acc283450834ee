import Glibc

/// A file descriptor that is closed with its owner.
package struct FileHandle: ~Copyable {
  package let rawValue: CInt

  package init(owning rawValue: CInt) { self.rawValue = rawValue }

  deinit { _ = close(rawValue) }
}
