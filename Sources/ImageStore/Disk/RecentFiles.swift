import Glibc
import Synchronization
import SystemCalls
import SystemPackage

/// Keeps files open that are read again and again, because opening a file is a fifth of a worker's processor time for sending 60 KB.
///
/// A file that is read twice within a second stays open for a second. So what happens to the directory itself is noticed after a second at the
/// latest. Files that are not read any more are closed while others are read; at most ``capacity`` removed files still use space on the disk. Each
/// time, the file is asked whether it still has a name.
final class RecentFiles: Sendable {
  fileprivate struct Slot {
    var id: ImageID?
    /// When the slot was last filled, in nanoseconds since 1970.
    var since: Int64 = 0
    /// Nil if the file has been read only once.
    var file: OpenFile?

    func isRecent(at now: Int64) -> Bool { (0..<WallClock.nanosecondsPerSecond).contains(now - since) }
  }

  fileprivate struct State {
    var slots: [Slot]
    /// The slot that is looked at next, to close its file if that was not read for long.
    var hand = 0
  }

  let capacity: Int
  private let state: Mutex<State>

  init(capacity: Int = 512) {
    self.capacity = capacity
    state = Mutex(State(slots: [Slot](repeating: Slot(), count: capacity)))
  }

  /// The file of an image, opened or still open, with its status.
  ///
  /// - Parameter now: nanoseconds since 1970.
  /// - Returns: nil if there is none.
  func file(
    of id: ImageID, now: Int64, open: () throws(Errno) -> OpenFile?
  ) throws(Errno) -> (file: OpenFile, status: stat)? {
    let (place, slot) = state.withLock { state in
      state.closeOne(at: now)
      let place = state.place(of: id)
      return (place, state.slots[place])
    }
    let isRecent = slot.id == id && slot.isRecent(at: now)
    if isRecent, let file = slot.file, case let status = try file.status(), status.st_nlink > 0 { return (file, status) }
    let file = try open()
    state.withLock { $0.slots[place] = Slot(id: id, since: now, file: isRecent ? file : nil) }
    guard let file else { return nil }
    return (file, try file.status())
  }
}

extension RecentFiles.State {
  /// Where an image is, or else is to be: of two places that its ID gives, the one that was filled earlier.
  fileprivate func place(of id: ImageID) -> Int {
    let (first, second) = (Int(id.low % UInt64(slots.count)), Int(id.low / UInt64(slots.count) % UInt64(slots.count)))
    if slots[first].id == id { return first }
    return slots[second].id == id || slots[second].since < slots[first].since ? second : first
  }

  fileprivate mutating func closeOne(at now: Int64) {
    hand = (hand + 1) % slots.count
    if slots[hand].file != nil, !slots[hand].isRecent(at: now) { slots[hand] = RecentFiles.Slot() }
  }
}
