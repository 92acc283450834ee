import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Keeps files open that are read again and again, because opening a file takes as long as reading 60 KB of it.
///
/// A file that is read twice within a second stays open for a second, and then until its slot is needed. So what happens to the directory
/// itself is noticed after a second at the latest, and at most ``capacity`` removed files still use space on the disk.
final class RecentFiles: Sendable {
  private struct Slot {
    var id: ImageID?
    /// When the slot was last filled, in nanoseconds since 1970.
    var since: Int64 = 0
    /// Nil if the file has been read only once.
    var file: OpenFile?
  }

  static let capacity = 64
  private static let stay = WallClock.nanosecondsPerSecond

  private let slots = Mutex([Slot](repeating: Slot(), count: capacity))

  /// The file of an image, opened or still open, with its status.
  ///
  /// - Parameter now: nanoseconds since 1970.
  /// - Returns: nil if there is none.
  func file(
    of id: ImageID, now: Int64, open: () throws(Errno) -> OpenFile?
  ) throws(Errno) -> (file: OpenFile, status: stat)? {
    let place = Int(id.low % UInt64(Self.capacity))
    let slot = slots.withLock { $0[place] }
    let isRecent = slot.id == id && (0..<Self.stay).contains(now - slot.since)
    if isRecent, let file = slot.file, case let status = try file.status(), status.st_nlink > 0 { return (file, status) }
    let file = try open()
    slots.withLock { $0[place] = Slot(id: id, since: now, file: isRecent ? file : nil) }
    guard let file else { return nil }
    return (file, try file.status())
  }
}

/// A file that can be read from any thread.
final class OpenFile: Sendable {
  private let handle: FileHandle

  init(_ handle: consuming FileHandle) { self.handle = handle }

  func status() throws(Errno) -> stat {
    var status = stat()
    try systemCall { unsafe fstat(handle.rawValue, &status) }
    return status
  }

  /// The first bytes of the file.
  /// - Returns: nil if the file has fewer.
  func read(_ count: Int) throws(Errno) -> [UInt8]? { try handle.read(count, at: 0) }
}
