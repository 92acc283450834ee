import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Keeps files open that are read again and again, because opening a file takes as long as sending 60 KB of it.
///
/// A file that is read twice within a second stays open for a second, and then until its slot is needed. So what happens to the directory
/// itself is noticed after a second at the latest, and at most ``capacity`` removed files still use space on the disk. Each time, the file is
/// asked whether it still has a name.
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
