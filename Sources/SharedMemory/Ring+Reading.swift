import Atomics
import CRingLayout
import Hashing

extension Ring {
  /// Copies an entry out. Returns nil if it is not, or no longer, in the ring. Takes no lock and blocks nobody.
  ///
  /// Racy by design: slot and bytes may be overwritten while they are copied. The second check of `first` detects that, and the checksum
  /// detects damaged memory.
  ///
  /// - Parameter key: the key that the entry must have; nil: any key, for a reader that iterates over all entries.
  package func entry(_ sequence: UInt64, key: RingKey?) -> RingEntry? {
    guard sequence < next.load(ordering: .acquiring), first.load(ordering: .acquiring) <= sequence else { return nil }
    let slot = unsafe slot(sequence).pointee
    crash(at: .slotRead)
    let length = Int(slot.length)
    let total = length + Int(slot.metadata_length)
    let found = RingKey(high: slot.key_high, low: slot.key_low)
    guard slot.sequence == sequence, found == key ?? found || Mutant.ignoresKey.isOn else { return nil }
    guard total <= shape.dataSize || Mutant.ignoresBounds.isOn else { return nil }

    let source = unsafe data(at: slot.position)
    var checksum = ~UInt32(0)
    let bytes = unsafe copy(source, length, &checksum)
    let metadata = unsafe copy(source + length, total - length, &checksum)
    crash(at: .bytesRead)
    atomicMemoryFence(ordering: .acquiring)
    guard first.load(ordering: .relaxed) <= sequence || Mutant.looksOnce.isOn else {
      readsOvertaken.wrappingIncrement(ordering: .relaxed)
      return nil
    }
    guard checksum == slot.checksum || Mutant.ignoresChecksum.isOn else { return nil }
    return RingEntry(key: found, tag: slot.tag, created: slot.created, expires: slot.expires, bytes: bytes, metadata: metadata)
  }

  /// Reads an entry's metadata in place, for a reader that skips thousands of entries to find a few.
  ///
  /// The metadata may be overwritten meanwhile, so `look` must tolerate any bytes, and only ``entry(_:key:)`` returns reliable content.
  ///
  /// - Returns: nil if there is no such entry.
  package func withMetadata<Result>(of sequence: UInt64, _ look: (Span<UInt8>) -> Result) -> Result? {
    guard sequence < next.load(ordering: .acquiring), first.load(ordering: .acquiring) <= sequence else { return nil }
    let slot = unsafe slot(sequence).pointee
    let (length, count) = (Int(slot.length), Int(slot.metadata_length))
    guard slot.sequence == sequence, length + count <= shape.dataSize else { return nil }
    let start = unsafe (data(at: slot.position) + length).assumingMemoryBound(to: UInt8.self)
    return unsafe look(Span(_unsafeStart: start, count: count))
  }

  /// The tag of an entry; nil if there is no such entry.
  package func tag(of sequence: UInt64) -> UInt32? {
    guard sequence < next.load(ordering: .acquiring), first.load(ordering: .acquiring) <= sequence else { return nil }
    let slot = unsafe slot(sequence).pointee
    return slot.sequence == sequence ? slot.tag : nil
  }

  /// Copies bytes and adds the copy to a checksum, piece by piece: each is still in the processor's first cache.
  private func copy(_ source: UnsafeMutableRawPointer, _ count: Int, _ checksum: inout UInt32) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      let target = UnsafeMutableRawBufferPointer(buffer)
      for start in stride(from: 0, to: count, by: Self.piece) {
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<min(start + Self.piece, count)])
        unsafe part.copyMemory(from: UnsafeRawBufferPointer(start: source + start, count: part.count))
        checksum = unsafe crc32c(UnsafeRawBufferPointer(part), continuing: checksum)
      }
      initialised = count
    }
  }

  private static let piece = 16 << 10
}
