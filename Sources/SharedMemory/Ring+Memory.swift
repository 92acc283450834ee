import Atomics
import CRingLayout

/// Typed access to the ring's memory. `CRingLayout.h` documents which process writes each word.
extension Ring {
  var first: UnsafeAtomic<UInt64> { word(ring_first_offset) }
  var next: UnsafeAtomic<UInt64> { word(ring_next_offset) }
  var expired: UnsafeAtomic<UInt64> { word(ring_expired_offset) }
  var lockOwnersDied: UnsafeAtomic<UInt64> { word(ring_lock_owners_died_offset) }
  var readsOvertaken: UnsafeAtomic<UInt64> { word(ring_reads_overtaken_offset) }
  var terms: UnsafeAtomic<UInt64> { word(ring_terms_offset) }

  /// One of the two accounts of removed entries; `index` is 0 or 1.
  func account(_ index: Int) -> (first: UnsafeAtomic<UInt64>, evicted: UnsafeAtomic<UInt64>) {
    let offset = ring_accounts_offset + index * MemoryLayout<ring_account>.stride
    return (
      word(offset + MemoryLayout<ring_account>.offset(of: \.first)!), word(offset + MemoryLayout<ring_account>.offset(of: \.evicted)!)
    )
  }

  private func word(_ offset: Int) -> UnsafeAtomic<UInt64> {
    segment.word(at: offset)
  }

  func slot(_ sequence: UInt64) -> UnsafeMutablePointer<ring_slot> {
    let index = unsafe (segment.base + Int(ring_header_size)).assumingMemoryBound(to: ring_slot.self)
    return unsafe index + Int(sequence % UInt64(shape.slotCount))
  }

  /// The address of the byte at that position. The mirror makes `dataSize` bytes from there contiguous.
  func data(at position: UInt64) -> UnsafeMutableRawPointer {
    unsafe segment.base + shape.dataOffset + Int(position % UInt64(shape.dataSize))
  }

  /// The position after the last entry before that sequence number. The slot of a dead entry is still valid, because it is not yet reused.
  func end(before sequence: UInt64) -> UInt64 {
    guard sequence > 0 else { return 0 }
    let last = unsafe slot(sequence - 1).pointee
    return last.position &+ UInt64(last.length) &+ UInt64(last.metadata_length)
  }

  /// Whether `first`, `next` and the lock have values that writers can have left. Both numbers only grow, so `first` is read both before and
  /// after `next` to be certain.
  var isSound: Bool {
    let before = first.load(ordering: .acquiring)
    let next = next.load(ordering: .acquiring)
    let after = first.load(ordering: .acquiring)
    return before <= next && next <= after &+ UInt64(shape.slotCount) && next <= Self.lastSequence && lock.isSound
  }

  /// No ring lives long enough to reach this, and it keeps sums of sequence numbers far from overflowing.
  private static let lastSequence: UInt64 = 1 << 48
}
