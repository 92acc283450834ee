import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Keeps files open that are read again and again, with their bytes, because opening a file takes as long as reading 60 KB of it, and reading
/// 60 KB longer than what a ring of shared memory does to copy and to check them.
///
/// A file that is read twice within a second stays open for a second, and then until its slot is needed. So what happens to the directory
/// itself is noticed after a second at the latest, and at most ``capacity`` removed files still use space on the disk. Each time, the file is
/// asked whether it still has a name and when it last changed.
final class RecentFiles: Sendable {
  private struct Slot {
    var id: ImageID?
    /// When the slot was last filled, in nanoseconds since 1970.
    var since: Int64 = 0
    /// Nil if the file has been read only once.
    var file: OpenFile?
    var content: Content?
  }

  /// The bytes of a file, and when it had last changed when they were read.
  private struct Content {
    let bytes: [UInt8]
    let changed: timespec
  }

  private struct Slots {
    var all = [Slot](repeating: Slot(), count: capacity)
    /// Bytes of all contents.
    var kept = 0

    subscript(place: Int) -> Slot {
      get { all[place] }
      set {
        kept += (newValue.content?.bytes.count ?? 0) - (all[place].content?.bytes.count ?? 0)
        all[place] = newValue
      }
    }
  }

  static let capacity = 64
  /// The most bytes that are kept in memory.
  static let memory = 16 << 20
  private static let stay = WallClock.nanosecondsPerSecond

  private let slots = Mutex(Slots())

  var bytesKept: Int { slots.withLock { $0.kept } }

  /// The file of an image, opened or still open, with its status, and with its bytes if they are still known.
  ///
  /// - Parameter now: nanoseconds since 1970.
  /// - Returns: nil if there is none.
  func file(
    of id: ImageID, now: Int64, open: () throws(Errno) -> OpenFile?
  ) throws(Errno) -> (file: OpenFile, status: stat, bytes: [UInt8]?)? {
    let place = Self.place(id)
    let slot = slots.withLock { $0[place] }
    let isRecent = slot.id == id && (0..<Self.stay).contains(now - slot.since)
    if isRecent, let file = slot.file, case let status = try file.status(), status.st_nlink > 0 {
      return (file, status, slot.content.flatMap { $0.changed == status.st_ctim ? $0.bytes : nil })
    }
    let file = try open()
    slots.withLock { $0[place] = Slot(id: id, since: now, file: isRecent ? file : nil) }
    guard let file else { return nil }
    return (file, try file.status(), nil)
  }

  /// Keeps the bytes of a file if it stays open.
  ///
  /// - Parameter changed: when the file had last changed, before it was read.
  func keep(_ bytes: [UInt8], of file: OpenFile, _ id: ImageID, changed: timespec) {
    let place = Self.place(id)
    slots.withLock { slots in
      guard slots[place].file === file, bytes.count <= Self.memory else { return }
      if slots.kept + bytes.count > Self.memory {
        for place in slots.all.indices { slots[place].content = nil }
      }
      slots[place].content = Content(bytes: bytes, changed: changed)
    }
  }

  private static func place(_ id: ImageID) -> Int { Int(id.low % UInt64(capacity)) }
}

extension timespec {
  fileprivate static func == (one: timespec, other: timespec) -> Bool { one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec }
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
