package import SharedMemory
package import SystemPackage

/// Why a store cannot be opened. The description is one line that says what is wrong and what to do.
package enum ObjectStoreRefusal: Error, Equatable {
  case refused(path: String, reason: String)
  case system(Errno, doing: String, path: String)
  case memory(SegmentError)
}

extension ObjectStoreRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let path, let reason):
      "cannot keep files and responses in \(path): \(reason); remove it, or use another FAKEAI_IMAGE_STORE_NAME"
    case .system(let error, let doing, let path): "cannot \(doing) \(path), where files and responses are kept: \(error)"
    case .memory(let error): "\(error)"
    }
  }
}
