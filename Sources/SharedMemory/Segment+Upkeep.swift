import CPOSIX
import CRingLayout
import Glibc
import SystemCalls
import SystemPackage

/// What is done about segments that nobody uses, or nobody can use.
extension Segment {
  /// The byte on which all users hold a read lock.
  static let userByte: off_t = 1

  /// The names of the segments that begin so.
  package static func names(startingWith prefix: String) -> [String] {
    guard let directory = unsafe opendir("/dev/shm") else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { unsafe String(cString: $0) }
      }
      if "/\(name)".hasPrefix(prefix) { names.append("/\(name)") }
    }
    return names.sorted()
  }

  /// Removes a segment that was damaged while it was in use.
  ///
  /// A segment that is intact but of another size or layout than the caller's is another pool's, or was made with other settings: that is
  /// for a person to decide. One that nobody finished is started over by whoever opens it.
  ///
  /// - Returns: what was wrong with it; nil where nothing was removed.
  package static func removeIfDamaged(_ name: String) throws(SegmentError) -> String? {
    do {
      let file = try openLocked(name, create: false)
      guard let damage = try damage(of: file, name) else { return nil }
      unlink(name)
      return damage
    } catch {
      // What is no file of ours is refused where it is opened.
      switch error {
      case .absent, .refused: return nil
      default: throw error
      }
    }
  }

  /// Removes a segment that no process uses.
  package static func removeIfUnused(_ name: String) { withUnused(name) { unlink(name) } }

  /// Gives a segment that no process uses another name, unless that is taken.
  /// - Returns: whether it has the new name.
  package static func renameIfUnused(_ name: String, to new: String) -> Bool {
    var isRenamed = false
    withUnused(name) { isRenamed = unsafe cposix_rename_shared_memory(name, new) == 0 }
    return isRenamed
  }

  /// When a segment got its name, in nanoseconds since 1970; 0 where it cannot be told.
  package static func nameChanged(_ name: String) -> Int64 {
    guard let file = try? open(name, create: false), let time = try? status(of: file, name).st_ctim else { return 0 }
    return WallClock.nanoseconds(seconds: time.tv_sec, and: time.tv_nsec)
  }

  /// Runs `body` while no process can begin to use the segment.
  ///
  /// - Parameter body: is told whether other processes use it already.
  func whileNobodyJoins(_ body: (_ isUsed: Bool) throws(SegmentError) -> Void) throws(SegmentError) {
    try Self.lock(file, name)
    defer { _ = cposix_unlock_bytes(file.rawValue, 0, 1) }
    try body(Self.isUsed(file))
  }

  /// Runs `body` where no process uses the segment, with none able to begin meanwhile.
  private static func withUnused(_ name: String, _ body: () -> Void) {
    // A process that holds the lock is about to use the segment.
    guard let file = try? open(name, create: false), cposix_lock_bytes(file.rawValue, 0, 1, false) == 0 else { return }
    guard let status = try? status(of: file, name), status.st_nlink > 0, !isUsed(file) else { return }
    body()
  }

  /// By other processes, or other openings in this one.
  private static func isUsed(_ file: borrowing FileHandle) -> Bool { cposix_bytes_locked(file.rawValue, userByte, 1) != 0 }

  /// Says what is wrong with a segment.
  private static func damage(of file: borrowing FileHandle, _ name: String) throws(SegmentError) -> String? {
    var header = segment_header()
    let count = try attempt("read", name) { () throws(Errno) in
      try systemCall { unsafe pread(file.rawValue, &header, MemoryLayout<segment_header>.size, 0) }
    }
    guard count >= MemoryLayout<UInt64>.size, header.magic == magic else {
      // Only those who have it mapped know that it was finished once.
      return isUsed(file) ? "its header was overwritten" : nil
    }
    let found = try status(of: file, name).st_size
    guard count == MemoryLayout<segment_header>.size else { return "it has \(found) bytes, which is less than its header" }
    guard header.size != 0, UInt64(found) != header.size else { return nil }
    return "it has \(found) bytes instead of the \(header.size) that it was created with"
  }
}
