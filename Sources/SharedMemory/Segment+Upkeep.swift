import CPOSIX
import CRingLayout
import Glibc
import SystemCalls
import SystemPackage

/// Removes segments that are unused or damaged.
extension Segment {
  /// The byte on which all users hold a read lock.
  static let userByte: off_t = 1

  /// Where segments are files, see shm_overview(7).
  package static let directory = "/dev/shm"

  /// The names of the segments with that prefix.
  package static func names(startingWith prefix: String) -> [String] {
    guard let directory = unsafe opendir(Self.directory) else { return [] }
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
  /// An intact segment with another size or layout than the caller's belongs to another pool, or was created with other settings: an operator
  /// must decide what to do with it. An unfinished segment is started over by the next process that opens it.
  ///
  /// - Returns: a description of the damage; nil if nothing was removed.
  package static func removeIfDamaged(_ name: String) throws(SegmentError) -> String? {
    do {
      let file = try openLocked(name, create: false)
      guard let damage = try damage(of: file, name) else { return nil }
      unlink(name)
      return damage
    } catch {
      // A file that is not ours is rejected when it is opened.
      switch error {
      case .absent, .refused: return nil
      default: throw error
      }
    }
  }

  /// Removes an intact segment that has another size and that no process uses, so that it can be created again.
  /// - Returns: its size in bytes; nil if nothing was removed.
  package static func removeUnused(_ name: String, unlessSize size: Int) throws(SegmentError) -> Int? {
    do {
      let file = try openLocked(name, create: false)
      let found = Int(try status(of: file, name).st_size)
      guard found != size, try !isUnfinished(file, name), try damage(of: file, name) == nil, !isUsed(file) else { return nil }
      unlink(name)
      return found
    } catch {
      switch error {
      case .absent, .refused: return nil
      default: throw error
      }
    }
  }

  /// The size of a segment and the memory that it has, in bytes, and whether any process uses it; nil if there is none of ours.
  package static func use(of name: String) -> (size: Int, allocated: Int, isUsed: Bool)? {
    guard let file = try? open(name, create: false), let status = try? status(of: file, name) else { return nil }
    return (Int(status.st_size), Int(status.st_blocks) * 512, isUsed(file))
  }

  /// The user to whom anything with that name belongs; nil if there is nothing.
  package static func owner(of name: String) -> UInt32? {
    var status = stat()
    return unsafe lstat(directory + name, &status) == 0 ? status.st_uid : nil
  }

  /// Removes a segment that no process uses.
  package static func removeIfUnused(_ name: String) { withUnused(name) { unlink(name) } }

  /// Renames a segment that no process uses, unless the new name is taken.
  /// - Returns: whether it was renamed.
  package static func renameIfUnused(_ name: String, to new: String) -> Bool {
    var isRenamed = false
    withUnused(name) { isRenamed = unsafe cposix_rename_shared_memory(name, new) == 0 }
    return isRenamed
  }

  /// When a segment got its name, in nanoseconds since 1970; 0 if that cannot be determined.
  package static func nameChanged(_ name: String) -> Int64 {
    guard let file = try? open(name, create: false), let time = try? status(of: file, name).st_ctim else { return 0 }
    return WallClock.nanoseconds(seconds: time.tv_sec, and: time.tv_nsec)
  }

  /// Runs `body` while no process can begin to use the segment.
  ///
  /// - Parameter body: receives whether other processes already use it.
  func whileNobodyJoins(_ body: (_ isUsed: Bool) throws(SegmentError) -> Void) throws(SegmentError) {
    try Self.lock(file, name)
    defer { _ = cposix_unlock_bytes(file.rawValue, 0, 1) }
    try body(Self.isUsed(file))
  }

  /// Runs `body` if no process uses the segment. None can begin to use it meanwhile.
  private static func withUnused(_ name: String, _ body: () -> Void) {
    // A process that holds the lock is about to use the segment.
    guard let file = try? open(name, create: false), cposix_lock_bytes(file.rawValue, 0, 1, false) == 0 else { return }
    guard let status = try? status(of: file, name), status.st_nlink > 0, !isUsed(file) else { return }
    body()
  }

  /// Whether other processes, or other file descriptions in this process, use the segment.
  private static func isUsed(_ file: borrowing FileHandle) -> Bool { cposix_bytes_locked(file.rawValue, userByte, 1) != 0 }

  /// Describes the damage of a segment; nil if it is intact.
  private static func damage(of file: borrowing FileHandle, _ name: String) throws(SegmentError) -> String? {
    var header = segment_header()
    let count = try attempt("read", name) { () throws(Errno) in
      try systemCall { unsafe pread(file.rawValue, &header, MemoryLayout<segment_header>.size, 0) }
    }
    guard count >= MemoryLayout<UInt64>.size, header.magic == magic else {
      // Only the processes that have it mapped know that it was finished before.
      return isUsed(file) ? "its header was overwritten" : nil
    }
    let found = try status(of: file, name).st_size
    guard count == MemoryLayout<segment_header>.size else { return "it has \(found) bytes, which is less than its header" }
    guard header.size != 0, UInt64(found) != header.size else { return nil }
    return "it has \(found) bytes instead of the \(header.size) that it was created with"
  }
}
