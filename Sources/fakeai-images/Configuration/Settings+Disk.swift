import ImageStore
import SystemPackage

extension Settings {
  /// The directory of images on disk.
  /// - Throws: an error if the setting is missing.
  func diskDirectory() throws(CommandFailure) -> FilePath {
    guard let imageStorePath else {
      throw .usage("FAKEAI_IMAGE_STORE_PATH is not set: images on disk (FAKEAI_IMAGE_STORAGE_BACKEND=disk) need the path of a directory")
    }
    return FilePath(imageStorePath).absolute
  }

  /// Checks the directory of images on disk, and creates it if only the last component of its path is missing.
  ///
  /// - Returns: its path; nil if images are stored elsewhere.
  func checkedDiskDirectory() throws(CommandFailure) -> FilePath? {
    switch imageStorageBackend {
    case .disk:
      let path = try diskDirectory()
      do throws(DiskStoreRefusal) { try DiskStore.check(path: path.string) } catch { throw .usage("FAKEAI_IMAGE_STORE_PATH: \(error)") }
      return path
    case .memory, .redis:
      guard let imageStorePath else { return nil }
      throw .usage(
        "FAKEAI_IMAGE_STORE_PATH is \(imageStorePath.debugDescription), but images are stored in \(imageStorageBackend == .redis ? "Redis" : "memory"): set "
          + "FAKEAI_IMAGE_STORAGE_BACKEND=disk, or remove the path")
    }
  }
}
