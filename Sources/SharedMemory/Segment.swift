package import Atomics
import CPOSIX
import CRingLayout
import Glibc
import SystemCalls
import SystemPackage

/// A POSIX shared-memory object, mapped: zeroed pages that several processes share and any of them may die in.
///
/// **Creation** is decided under a lock on the file's first byte (`F_OFD_SETLK`, which the kernel releases however its owner ends):
/// whoever holds it and finds no magic number initialises the segment and writes the magic last. So of many at once one creates, and where
/// that one dies half-way the next one starts over.
///
/// **Room** is allocated at creation: `ftruncate` alone would succeed on a full /dev/shm, and the first touch would be a SIGBUS.
///
/// **Attaching** refuses what is not a regular file of ours with mode 0600, of the exact size and stamp.
///
/// **Users** hold a read lock on the file's second byte, so that others can tell whether anyone uses the segment.
///
/// **Damage** from outside (someone cuts the file, or overwrites its header) is noticed by the processes that have it mapped, which remove its
/// name, and by those that start, see ``removeIfDamaged(_:)``. Either way the next process makes a new segment.
///
/// The last `mirrored` bytes are mapped a second time right behind themselves, so that a ring's entry never wraps.
@safe
package struct Segment: ~Copyable {
  package let name: String
  /// Bytes of the object; the mapping is longer by what is mirrored.
  package let size: Int
  /// Where it is mapped. Valid for as long as the segment is.
  package let base: UnsafeMutableRawPointer
  private let mirrored: Int
  private let stamp: UInt64
  let file: FileHandle

  /// Whether this call made the segment, rather than joined one.
  package let isNew: Bool

  package static let magic: UInt64 = 0x3149_4145_4B41_4621  // "!FAKEAI1" read as little-endian bytes

  /// Opens the segment, creating it where there is none and `create` allows it.
  ///
  /// - Parameters:
  ///   - name: begins with a slash and holds no other.
  ///   - size: bytes, a multiple of the page size.
  ///   - mirrored: how many of the last bytes are mapped twice, a multiple of the page size.
  ///   - stamp: folds in all that two builds must agree on.
  ///   - initialise: called on zeroed memory by the one process that creates the segment.
  package init(
    name: String, size: Int, mirrored: Int = 0, stamp: UInt64, create: Bool = true,
    initialise: (UnsafeMutableRawPointer) throws(SegmentError) -> Void = { _ in }
  ) throws(SegmentError) {
    let file = try Self.openLocked(name, create: create)
    crash(at: .opened)

    let unfinished = try Self.isUnfinished(file, name)
    if unfinished {
      guard create else { throw .absent(name: name) }
      try Self.allocate(size, file, name)
      crash(at: .allocated)
    }
    try Self.checkSize(file, expected: size, name)

    let base = try unsafe Self.map(file, size: size, mirrored: mirrored, name)
    crash(at: .mapped)
    do throws(SegmentError) {
      let header = unsafe base.assumingMemoryBound(to: segment_header.self)
      if unfinished {
        if Mutant.stampsMagicFirst.isOn { unsafe header.pointee.magic = Self.magic }
        try unsafe initialise(base)
        crash(at: .initialised)
        unsafe header.pointee.stamp = stamp
        crash(at: .stamped)
        unsafe header.pointee.created = WallClock.system.now()
        unsafe header.pointee.size = UInt64(size)
        atomicMemoryFence(ordering: .releasing)
        unsafe header.pointee.magic = Self.magic
        crash(at: .finished)
      } else if unsafe header.pointee.stamp != stamp {
        throw SegmentError.otherStamp(found: unsafe header.pointee.stamp, expected: stamp, name: name)
      }
    } catch {
      unsafe munmap(base, size + mirrored)
      throw error
    }
    // One that only looks is no user.
    if create { _ = cposix_share_bytes(file.rawValue, Self.userByte, 1) }
    // Where something was thrown before here, closing the file has given the lock back.
    _ = cposix_unlock_bytes(file.rawValue, 0, 1)
    self.name = name
    self.size = size
    self.mirrored = mirrored
    self.stamp = stamp
    unsafe self.base = base
    self.file = file
    isNew = unfinished
  }

  deinit { unsafe munmap(base, size + mirrored) }

  /// The bytes of an existing segment, so that a reader who was not told the size can ask.
  package static func size(of name: String) throws(SegmentError) -> Int {
    let file = try open(name, create: false)
    return Int(try status(of: file, name).st_size)
  }

  /// Whether new processes would not meet us here: the segment's name was removed, or the segment was damaged. Then its name is removed too, so
  /// that new processes make another one.
  package var hasLostSharedMemory: Bool {
    guard let status = try? Self.status(of: file, name), status.st_nlink > 0 else { return true }
    // In this order: what is cut off the file must not be touched.
    if status.st_size == off_t(size), hasSoundHeader { return false }
    discard()
    return true
  }

  private var hasSoundHeader: Bool {
    let header = unsafe base.assumingMemoryBound(to: segment_header.self)
    return unsafe header.pointee.magic == Self.magic && header.pointee.stamp == stamp
  }

  /// Removes the name where it still stands for this segment.
  package func discard() {
    // Under the lock under which segments are created. Where someone else has it, the next look will do.
    guard cposix_lock_bytes(file.rawValue, 0, 1, false) == 0 else { return }
    defer { _ = cposix_unlock_bytes(file.rawValue, 0, 1) }
    guard let found = try? Self.open(name, create: false), let status = try? Self.status(of: found, name) else { return }
    if status.st_ino == (try? Self.status(of: file, name))?.st_ino { Self.unlink(name) }
  }

  /// One word of the segment, to be read and written by several processes at once.
  ///
  /// - Parameter offset: in bytes from the beginning, a multiple of 8.
  package func word(at offset: Int) -> UnsafeAtomic<UInt64> {
    precondition(offset >= 0 && offset % 8 == 0 && offset + 8 <= size)
    return unsafe UnsafeAtomic(at: (base + offset).assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }

  /// Takes the lock on one byte beyond the segment, as a sign of life that the kernel takes back however this process ends.
  /// - Returns: false where another process holds it.
  package func claim(byte: Int) -> Bool { cposix_lock_bytes(file.rawValue, off_t(size + byte), 1, false) == 0 }

  /// Whether a process (another one than this) holds the lock on that byte.
  package func isClaimed(byte: Int) -> Bool { cposix_bytes_locked(file.rawValue, off_t(size + byte), 1) == 1 }

  /// Removes the name. Who has it mapped keeps it.
  package static func unlink(_ name: String) { unsafe shm_unlink(name) }
}
