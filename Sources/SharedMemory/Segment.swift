package import Atomics
import CPOSIX
import CRingLayout
import Glibc
import SystemCalls
import SystemPackage

/// A mapped POSIX shared-memory object: zeroed pages that several processes share. Any of them may die while it uses the segment.
///
/// **Creation** happens under a lock on the file's first byte (`F_OFD_SETLK`, which the kernel releases however its owner ends). The process that
/// holds the lock and finds no magic number initialises the segment, and writes the magic number last. So of many processes one creates the
/// segment, and if it dies half-way, the next one starts over.
///
/// **Memory** is allocated at creation: `ftruncate` alone would succeed on a full /dev/shm, and the first access would be a SIGBUS.
///
/// **Attaching** fails unless it is a regular file of ours with mode 0600 and the exact size and stamp.
///
/// **Users** hold a read lock on the file's second byte, so that other processes can see whether the segment is in use.
///
/// **Damage** from outside (the file is truncated, or its header overwritten) is detected by the processes that have it mapped, which remove its
/// name, and by those that start, see ``removeIfDamaged(_:)``. In both cases the next process creates a new segment.
///
/// The last `mirrored` bytes are mapped a second time directly after themselves, so that a ring's entry never wraps.
@safe
package struct Segment: ~Copyable {
  package let name: String
  /// Bytes of the object; the mapping is longer by the mirrored bytes.
  package let size: Int
  /// The address of the mapping. Valid for as long as the segment.
  package let base: UnsafeMutableRawPointer
  private let mirrored: Int
  private let stamp: UInt64
  let file: FileHandle

  /// Whether the initializer created the segment, rather than attached to an existing one.
  package let isNew: Bool

  package static let magic: UInt64 = 0x3149_4145_4B41_4621  // "!FAKEAI1" read as little-endian bytes

  /// Opens the segment, and creates it if it does not exist and `create` is true.
  ///
  /// - Parameters:
  ///   - name: begins with a slash and contains no other.
  ///   - size: bytes, a multiple of the page size.
  ///   - mirrored: how many of the last bytes are mapped twice, a multiple of the page size.
  ///   - stamp: a hash of everything on which two builds must agree.
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
    // A process that only reads statistics does not count as a user.
    if create { _ = cposix_share_bytes(file.rawValue, Self.userByte, 1) }
    // If an error was thrown above, closing the file has released the lock.
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

  /// The size of an existing segment in bytes, for a reader that does not know it.
  package static func size(of name: String) throws(SegmentError) -> Int {
    let file = try open(name, create: false)
    return Int(try status(of: file, name).st_size)
  }

  /// Whether new processes would open another segment: this segment's name was removed, or the segment was damaged. In the second case its name
  /// is removed too, so that new processes create another one.
  package var hasLostSharedMemory: Bool {
    guard let status = try? Self.status(of: file, name), status.st_nlink > 0 else { return true }
    // In this order, because a truncated part of the file must not be accessed.
    if status.st_size == off_t(size), hasSoundHeader { return false }
    discard()
    return true
  }

  private var hasSoundHeader: Bool {
    let header = unsafe base.assumingMemoryBound(to: segment_header.self)
    return unsafe header.pointee.magic == Self.magic && header.pointee.stamp == stamp
  }

  /// Removes the name if it still belongs to this segment.
  package func discard() {
    // Under the lock under which segments are created. If another process has it, the next check will do.
    guard cposix_lock_bytes(file.rawValue, 0, 1, false) == 0 else { return }
    defer { _ = cposix_unlock_bytes(file.rawValue, 0, 1) }
    guard let found = try? Self.open(name, create: false), let status = try? Self.status(of: found, name) else { return }
    if status.st_ino == (try? Self.status(of: file, name))?.st_ino { Self.unlink(name) }
  }

  /// One word of the segment, which several processes may read and write at the same time.
  ///
  /// - Parameter offset: in bytes from the beginning, a multiple of 8.
  package func word(at offset: Int) -> UnsafeAtomic<UInt64> {
    precondition(offset >= 0 && offset % 8 == 0 && offset + 8 <= size)
    return unsafe UnsafeAtomic(at: (base + offset).assumingMemoryBound(to: UnsafeAtomic<UInt64>.Storage.self))
  }

  /// Locks one byte beyond the segment, as a sign of life: the kernel releases the lock however this process ends.
  /// - Returns: false if another process holds the lock.
  package func claim(byte: Int) -> Bool { cposix_lock_bytes(file.rawValue, off_t(size + byte), 1, false) == 0 }

  /// Whether another process holds the lock on that byte.
  package func isClaimed(byte: Int) -> Bool { cposix_bytes_locked(file.rawValue, off_t(size + byte), 1) == 1 }

  /// Removes the name. Processes that have the segment mapped keep it.
  package static func unlink(_ name: String) { unsafe shm_unlink(name) }
}
