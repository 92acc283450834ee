package import SystemPackage

/// Why a directory cannot be used for images. The description is one line that says what is wrong and what to do.
package enum DiskStoreRefusal: Error, Equatable {
  case symbolicLink(path: String)
  case notADirectory(path: String)
  /// The directory in which it would be made does not exist.
  case noParent(path: String)
  case readOnly(path: String)
  case notPermitted(path: String, user: UInt32, owner: UInt32, mode: UInt32)
  /// Another pool, with an index of its own, uses the directory.
  case inUse(path: String)
  case system(Errno, doing: String, path: String)
}

extension DiskStoreRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .symbolicLink(let path): "\(path) is a symbolic link, so images are not stored there: name the directory that it leads to"
    case .notADirectory(let path): "\(path), where images are to be stored, is not a directory"
    case .noParent(let path): "there is no directory in which \(path) could be made for images: create it, or mount what belongs there"
    case .readOnly(let path): "\(path), where images are to be stored, is on a read-only file system"
    case .notPermitted(let path, let user, let owner, let mode):
      "user \(user) cannot write to \(path), where images are to be stored; it belongs to user \(owner) and has mode "
        + String(mode, radix: 8)
    case .inUse(let path):
      "the images in \(path) are in use by a pool with another FAKEAI_IMAGE_STORE_NAME, or in another container or host: "
        + "give each pool a directory of its own, or the same store name"
    case .system(let error, let doing, let path): "cannot \(doing) \(path), where images are to be stored: \(error)"
    }
  }
}
