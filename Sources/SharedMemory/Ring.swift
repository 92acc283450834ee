import CPOSIX
import CRingLayout
import Hashing
import SystemPackage

// A ring of byte strings in shared memory in which two numbers are the truth.
//
//   ┌──────────────┬──────────────────────────────┬───────────────────────────────────────────────┐
//   │ header 4 KiB │ index: slotCount × 128 B     │ data, mapped twice back to back               │
//   └──────────────┴──────────────────────────────┴───────────────────────────────────────────────┘
//
// `first` and `next` are sequence numbers that only grow; entries first..<next are live. Entry s has slot s % slotCount and the bytes
// [position, position + length + metadata length) of the data, modulo its size. Since the data is mapped twice, no entry wraps.
// All entries live equally long, so insertion order is expiry order: no free list, no hash table, nothing to rebuild. (Where they do not, an
// entry that lives longer keeps the room of those behind it. Whoever must not evict it agrees with the others on one lifetime, see `terms`.)
//
// Writers take the lock. To insert is: 1. raise `first` until a slot and room are free; 2. copy the bytes behind the last entry's;
// 3. fill the slot; 4. raise `next`. Only then may anyone be told of the entry.
//
// Readers take no lock and write nothing: load `next`, check first <= s < next, copy slot and bytes out, look at `first` again. If it
// has been raised past s, a writer may have been at these bytes while they were copied: the entry is gone. A slot read in such a race
// may hold anything, so its position and lengths are bounded before they are used.
//
// What may die where:
//   before 1   nothing has happened.
//   after 1    entries are evicted and nothing took their place; readers see them gone, the next writer finds room.
//   in 2, 3    bytes and slot of sequence `next` are half-written, and nobody looks at them: they are not live.
//   after 4    the entry is live; its writer may not have said so, and it merely expires.
//   anywhere   the lock's owner is dead: the next writer gets EOWNERDEAD, declares the lock consistent and goes on. There is nothing to
//              recover, for all but `first` and `next` is derived from them.
//   stopped    (SIGSTOP) writers give up after `patience`; readers don't notice.
//
// Nothing that is read here is trusted, because another process may have written anything: no value traps, leads out of the mapping, or makes
// a loop longer than there are slots. `first` and `next` out of order are found by `isSound`, and that is the end of the ring.
//
// Barriers: `first` is raised before any byte of the dead entries is overwritten, with a release fence between; the reader's second look
// at `first` follows an acquire fence. So a reader that copied a single new byte sees the raised `first`. `next` is stored with release
// after slot and bytes and loaded with acquire, so whoever sees an entry live sees all of it.

/// A bounded first-in, first-out store of byte strings that several processes share and any of them may die in.
///
/// Threads may share it too: all it changes lies in shared memory, behind atomics and the lock.
@safe
package struct Ring: ~Copyable, @unchecked Sendable {
  let segment: Segment
  let shape: RingShape
  let lock: RobustLock

  /// How long a writer waits for a lock whose owner is stopped, in milliseconds.
  let patience: UInt32

  /// Opens the ring of that name, creating it where there is none.
  package init(name: String, size: Int, create: Bool = true, patience: UInt32 = 2000) throws(SegmentError) {
    let shape = try RingShape(segmentSize: size, name: name)
    segment = try unsafe Segment(name: name, size: size, mirrored: shape.dataSize, stamp: shape.stamp, create: create) {
      (base) throws(SegmentError) in
      try Segment.attempt("initialise", name) { () throws(Errno) in try unsafe Self.lock(in: base).initialise() }
    }
    self.shape = shape
    self.patience = patience
    lock = unsafe Self.lock(in: segment.base)
  }

  /// Whether new processes would not meet us here: the ring's name was removed, or something overwrote what it needs. Then its name is
  /// removed too, so that new processes make another ring.
  package var hasLostSharedMemory: Bool {
    if segment.hasLostSharedMemory { return true }
    if isSound { return false }
    segment.discard()
    return true
  }

  private static func lock(in base: UnsafeMutableRawPointer) -> RobustLock {
    unsafe RobustLock(at: (base + Int(ring_lock_offset)).assumingMemoryBound(to: cposix_mutex.self))
  }
}

/// Where the parts of a ring's segment lie.
struct RingShape {
  let slotCount: Int
  let dataOffset: Int
  let dataSize: Int

  /// One slot for so many bytes. The smallest picture (256x256, one colour, a short prompt) takes twice as much, so bytes run out before
  /// slots do.
  private static let bytesPerSlot = 2048
  private static let pageSize = 4096
  private static let layoutVersion: UInt64 = 1

  /// Divides a segment of so many bytes.
  init(segmentSize: Int, name: String) throws(SegmentError) {
    slotCount = segmentSize / Self.bytesPerSlot
    let index = (slotCount * Int(ring_slot_size) + Self.pageSize - 1) / Self.pageSize * Self.pageSize
    dataOffset = Int(ring_header_size) + index
    dataSize = segmentSize - dataOffset
    guard segmentSize % Self.pageSize == 0, slotCount > 1, dataSize >= Self.pageSize else {
      throw .refused(reason: "a size of \(segmentSize) bytes is too small or not a multiple of \(Self.pageSize)", name: name)
    }
  }

  /// Everything that two builds must agree on, folded into one number.
  var stamp: UInt64 {
    let facts = [
      Self.layoutVersion, UInt64(MemoryLayout<ring_header>.size), UInt64(MemoryLayout<ring_slot>.size), UInt64(slotCount),
      UInt64(dataOffset), UInt64(dataSize), UInt64(MemoryLayout<cposix_mutex>.size),
    ]
    return FNV1a.hash(words: facts)
  }
}
