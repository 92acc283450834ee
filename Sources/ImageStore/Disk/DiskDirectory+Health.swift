import Glibc
import SystemCalls
import SystemPackage

/// A directory can go while it is in use: its file system is unmounted or fails, or somebody removes it.
extension DiskDirectory {
  /// Whether the directory still is the one that holds the images.
  var hasMarker: Bool {
    let path = path + "/" + DiskMarker.name
    return unsafe access(path, F_OK) == 0
  }

  /// Makes a directory that somebody has emptied a store again, unless it is on another file system: then, the one with the images is not
  /// mounted.
  func restoreMarker() throws(Errno) {
    var status = stat()
    try systemCall { unsafe lstat(path, &status) }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_dev == device else { throw .noSuchFileOrDirectory }
    do throws(DiskStoreRefusal) {
      marker.value = Marker(try DiskMarker(in: path, token: token))
    } catch {
      throw .permissionDenied
    }
  }

  /// Why images cannot be stored here now; nil if they can.
  var problem: String? {
    if !hasMarker {
      do throws(Errno) { try restoreMarker() } catch {
        return "the images are not in \(path), perhaps because it is not mounted: \(error)"
      }
    }
    guard unsafe faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0 else {
      return "images cannot be written to \(path): \(Errno(rawValue: errno))"
    }
    return nil
  }
}
