import Atomics
import CRingLayout
import Hashing

extension Ring {
  /// Inserts an entry. When this returns, the entry is live in every process, whatever happens to this one.
  ///
  /// - Parameters:
  ///   - created, expires: nanoseconds since 1970.
  ///   - key: returns the entry's key, given its sequence number.
  package func insert(
    _ bytes: [UInt8], metadata: [UInt8] = [], tag: UInt32 = 0, created: Int64, expires: Int64,
    whenFull policy: RingFullPolicy, key: (UInt64) -> RingKey
  ) throws(RingError) -> RingKey {
    let total = bytes.count + metadata.count
    guard total <= shape.dataSize else { throw .tooLarge(bytes: total, capacity: shape.dataSize) }
    guard !hasLostSharedMemory else { throw .unlinked }
    var slot = ring_slot()
    slot.length = UInt32(bytes.count)
    slot.metadata_length = UInt32(metadata.count)
    slot.tag = tag
    slot.checksum = checksum(bytes, metadata)
    slot.created = created
    slot.expires = expires
    return try withWriterLock { () throws(RingError) in
      crash(at: .locked)
      slot.sequence = next.load(ordering: .relaxed)
      slot.position = end(before: slot.sequence)
      if Mutant.overwritesBeforeRaising.isOn { copyIn(bytes, metadata, at: slot.position) }
      try makeRoom(for: total, at: slot.position, now: created, policy)
      crash(at: .firstRaised)
      let named = key(slot.sequence)
      slot.key_high = named.high
      slot.key_low = named.low
      if Mutant.publishesBeforeBytes.isOn { publish(slot.sequence) }
      copyIn(bytes, metadata, at: slot.position)
      crash(at: .bytesCopied)
      if Mutant.publishesBeforeSlot.isOn { publish(slot.sequence) }
      fill(slot)
      crash(at: .slotFilled)
      publish(slot.sequence)
      crash(at: .nextRaised)
      return named
    }
  }

  /// Removes expired entries, beginning with the oldest.
  /// - Returns: how many were removed, or nil if the lock could not be acquired.
  @discardableResult
  package func sweep(now: Int64) -> Int? {
    guard !hasLostSharedMemory else { return nil }
    return try? withWriterLock { () throws(RingError) in
      crash(at: .sweepLocked)
      let first = first.load(ordering: .relaxed)
      let alive = firstUnexpired(from: first, now: now)
      raiseFirst(to: alive, expired: alive - first)
      crash(at: .sweepRaised)
      return Int(alive - first)
    }
  }

  /// Gives another tag to the live entries whose metadata matches. No writer changes or evicts an entry meanwhile.
  /// - Returns: how many entries matched, or nil if the lock could not be acquired.
  package func retag(_ tag: UInt32, where matches: (_ tag: UInt32, _ metadata: Span<UInt8>) -> Bool) -> Int? {
    guard !hasLostSharedMemory else { return nil }
    return try? withWriterLock { () throws(RingError) in
      var count = 0
      for sequence in liveSequences {
        let slot = unsafe slot(sequence)
        let old = unsafe slot.pointee.tag
        guard withMetadata(of: sequence, { matches(old, $0) }) == true else { continue }
        unsafe slot.pointee.tag = tag
        count += 1
      }
      return count
    }
  }

  private func withWriterLock<Result>(_ body: () throws(RingError) -> Result) throws(RingError) -> Result {
    try lock.withLock(milliseconds: patience, orTimeOut: RingError.lockTimedOut) { acquisition throws(RingError) in
      if acquisition == .ownerDied { lockOwnersDied.wrappingIncrement(ordering: .relaxed) }
      guard isSound else { throw .unlinked }
      return try body()
    }
  }

  /// Step 1: raises `first` until there is a free slot and room for `count` bytes at `position`.
  private func makeRoom(for count: Int, at position: UInt64, now: Int64, _ policy: RingFullPolicy) throws(RingError) {
    let oldest = first.load(ordering: .relaxed)
    let newest = next.load(ordering: .relaxed)
    let expired = firstUnexpired(from: oldest, now: now)
    var first = policy == .refuse ? expired : oldest
    let slotCount = shape.slotCount + (Mutant.overfillsSlots.isOn ? 1 : 0)
    while first < newest, newest - first >= slotCount || position &+ UInt64(count) &- start(of: first) > shape.dataSize {
      guard policy == .evictOldest else { throw .full(capacity: shape.dataSize) }
      first += 1
    }
    raiseFirst(to: first, expired: min(expired, first) - oldest)
  }

  /// Step 4: makes the entry live.
  private func publish(_ sequence: UInt64) { next.store(sequence + 1, ordering: .releasing) }

  func firstUnexpired(from first: UInt64, now: Int64) -> UInt64 {
    // A reader that has been overtaken may find more entries between two numbers than there are slots.
    let next = min(next.load(ordering: .acquiring), first &+ UInt64(shape.slotCount))
    var alive = first
    while alive < next, unsafe slot(alive).pointee.expires <= now { alive += 1 }
    return alive
  }

  private func start(of sequence: UInt64) -> UInt64 { unsafe slot(sequence).pointee.position }

  private func checksum(_ bytes: [UInt8], _ metadata: [UInt8]) -> UInt32 {
    let first = unsafe bytes.withUnsafeBytes { unsafe crc32c($0) }
    return unsafe metadata.withUnsafeBytes { unsafe crc32c($0, continuing: first) }
  }

  /// Step 3. A test build can die with half of the slot written.
  private func fill(_ slot: ring_slot) {
    #if FAILPOINTS
      unsafe self.slot(slot.sequence).pointee.sequence = slot.sequence
      unsafe self.slot(slot.sequence).pointee.position = slot.position
      crash(at: .slotHalfFilled)
    #endif
    unsafe self.slot(slot.sequence).pointee = slot
  }

  private func copyIn(_ bytes: [UInt8], _ metadata: [UInt8], at position: UInt64) {
    let target = unsafe data(at: position)
    #if FAILPOINTS
      unsafe bytes.withUnsafeBytes { source in
        if let start = source.baseAddress { unsafe target.copyMemory(from: start, byteCount: source.count / 2) }
      }
      crash(at: .bytesHalfCopied)
    #endif
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe target.copyMemory(from: start, byteCount: source.count) }
    }
    unsafe metadata.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe (target + bytes.count).copyMemory(from: start, byteCount: source.count) }
    }
  }
}
