import Glibc
import SystemCalls
import SystemPackage

/// What is in the directory, as far as it belongs to the store.
extension DiskDirectory {
  /// The minutes of which there are directories, in order.
  func minutes() throws(Errno) -> [DiskMinute] {
    var minutes: [DiskMinute] = []
    try forEachName(in: path) { if let minute = DiskMinute(name: $0) { minutes.append(minute) } }
    return minutes.sorted()
  }

  /// The images of a minute, in the order in which they expire, and the names of files that were never completed.
  func content(of minute: DiskMinute) throws(Errno) -> (ids: [ImageID], partial: [String]) {
    var (ids, partial): ([ImageID], [String]) = ([], [])
    do throws(Errno) {
      try forEachName(in: path(of: minute)) { name in
        if let id = Self.id(named: name), id.minute == minute {
          ids.append(id)
        } else if let id = Self.id(ofPartial: name), id.minute == minute {
          partial.append(name)
        }
      }
    } catch .noSuchFileOrDirectory {
    } catch .notDirectory {
    }
    return (ids.sorted { ($0.high, $0.low) < ($1.high, $1.low) }, partial)
  }

  /// The ID of `1c7d2a45f3108a2bb0c3….png`; nil if it is not the name of an image.
  private static func id(named name: String) -> ImageID? {
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), let id = ImageID(name[..<dot]), let format = id.format else { return nil }
    return name[name.utf8.index(after: dot)...] == format.fileExtension ? id : nil
  }

  static func partialName(_ id: ImageID) -> String { ".\(id).part" }

  private static func id(ofPartial name: String) -> ImageID? {
    guard name.hasPrefix("."), name.hasSuffix(".part") else { return nil }
    return ImageID(name.dropFirst().dropLast(5))
  }

  // MARK: - Removing

  /// Removes an image.
  /// - Returns: the file that was removed; nil if there was none.
  func remove(_ id: ImageID) throws(Errno) -> DiskFile? {
    guard let format = id.format else { return nil }
    let path = path(of: id, format)
    var status = stat()
    do throws(Errno) {
      try systemCall { unsafe lstat(path, &status) }
      guard status.st_mode & S_IFMT == S_IFREG else { return nil }
      try systemCall { unsafe unlink(path) }
    } catch .noSuchFileOrDirectory {
      return nil
    }
    return DiskFile(
      length: Int(status.st_size), created: WallClock.nanoseconds(seconds: status.st_mtim.tv_sec, and: 0),
      linked: WallClock.nanoseconds(seconds: status.st_ctim.tv_sec, and: status.st_ctim.tv_nsec))
  }

  /// Removes what is left of a minute: files that were never completed, and the directory if nothing else is in it.
  func removeRest(of minute: DiskMinute, partial: [String]) {
    for name in partial { _ = unsafe unlink(path(of: minute) + "/" + name) }
    _ = unsafe rmdir(path(of: minute))
  }

  /// The length and the times of an image's file, whether or not it can be served.
  func status(_ id: ImageID) -> DiskFile? {
    guard let format = id.format else { return nil }
    let path = path(of: id, format)
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return DiskFile(
      length: Int(status.st_size), created: WallClock.nanoseconds(seconds: status.st_mtim.tv_sec, and: 0),
      linked: WallClock.nanoseconds(seconds: status.st_ctim.tv_sec, and: status.st_ctim.tv_nsec))
  }
}
