import CRingLayout
import Glibc
import RingTesting
import SharedMemory

/// Each thing that a reader checks, where nothing but that check saves it.
struct GuardTrial {
  func run() throws {
    for point in Failpoint.reading { try overtakeReader(at: point) }
    for point in [Failpoint.removalHalfCounted, .firstRaised] { try countRemovals(at: point) }
    try flipByte()
    try writeWildSlot()
    try askUnderOtherKey()
  }

  /// A reader is overtaken by an entry with the same checksum, which comes to lie on the same bytes: only the second look can tell.
  private func overtakeReader(at point: Failpoint) throws {
    let place = TemporaryRing(pages: 4)
    let ring = try place.open()
    let whole = RingCapacity(of: ring).bytes
    let original = Content.bytes(7, count: whole)
    let forged = Content.forged(original, at: 1000)
    try insert(original, into: ring)
    var intruders = 0
    CrashPlan.interrupt(at: point) {
      intruders += 1
      do { try insert(forged, into: ring) } catch { fatalError("\(error)") }
    }
    let bytes = ring.bytes(0)
    try demand(intruders == 1, "nobody came between")
    try demand(bytes == nil, "a reader that was overtaken at \(point) was given \(bytes == original ? "the bytes" : "another's bytes")")
    try demand(ring.statistics(now: 0).readsOvertaken == 1, "an overtaken read was not counted")
    try demand(ring.bytes(1) == forged, "the forged entry is not there")
  }

  private func insert(_ bytes: [UInt8], into ring: borrowing Ring) throws {
    _ = try ring.insert(bytes, created: 0, expires: .max, whenFull: .evictOldest, key: Ring.key)
  }

  /// A writer is stopped while it removes an expired entry and evicts another: no count may fall, neither before nor after.
  private func countRemovals(at point: Failpoint) throws {
    let place = TemporaryRing(pages: 4)
    let ring = try place.open()
    let whole = RingCapacity(of: ring).bytes
    for expires: Int64 in [1, .max] {
      _ = try ring.insert(
        Content.bytes(7, count: whole / 2), created: 0, expires: expires, whenFull: .evictOldest, key: Ring.key)
    }
    var looks = [ring.statistics(now: 1)]
    CrashPlan.interrupt(at: point) { looks.append(ring.statistics(now: 1)) }
    _ = try ring.insert(Content.bytes(8, count: whole), created: 1, expires: .max, whenFull: .evictOldest, key: Ring.key)
    looks.append(ring.statistics(now: 1))
    try demand(looks.count == 3, "nobody looked at \(point)")
    for (look, later) in zip(looks, looks.dropFirst()) {
      let grows = look.evicted <= later.evicted && look.expired <= later.expired
      try demand(grows, "a count fell at \(point): evicted \(looks.map(\.evicted)), expired \(looks.map(\.expired))")
    }
    try demand(looks[2].evicted == 1 && looks[2].expired == 1, "miscounted: \(looks[2])")
  }

  /// Memory that lies: only the checksum can tell.
  private func flipByte() throws {
    let place = TemporaryRing(pages: 4)
    let ring = try place.open()
    try ring.insertContent(count: 100)
    let dataOffset = place.size - RingCapacity(of: ring).bytes
    try withMemory(of: place) { $0[dataOffset + 50] ^= 1 }
    try demand(ring.bytes(0) == nil, "bytes were believed that do not match their checksum")
  }

  /// A slot that holds anything, as it may while it is overwritten: only the bound keeps the reader inside the mapping.
  private func writeWildSlot() throws {
    let place = TemporaryRing(pages: 4)
    let ring = try place.open()
    try ring.insertContent(count: 100)
    try withMemory(of: place) { memory in
      let slot = (memory.baseAddress! + Int(ring_header_size)).withMemoryRebound(to: ring_slot.self, capacity: 1) { $0 }
      slot.pointee.length = 1 << 30
    }
    try demand(ring.bytes(0) == nil, "a slot with a wild length was believed")
  }

  private func askUnderOtherKey() throws {
    let place = TemporaryRing(pages: 4)
    let ring = try place.open()
    try ring.insertContent(count: 100)
    try demand(ring.bytes(0) != nil, "an entry is not there")
    let otherKeys = [RingKey(high: 0, low: 0), RingKey(high: 1, low: ~0)]
    try demand(otherKeys.allSatisfy { ring.entry(0, key: $0) == nil }, "an entry was found under another key")
  }

  private func withMemory(of place: borrowing TemporaryRing, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) throws {
    let descriptor = shm_open(place.name, O_RDWR, 0)
    let memory = mmap(nil, place.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)!
    close(descriptor)
    try demand(memory != MAP_FAILED, "cannot map \(place.name)")
    defer { munmap(memory, place.size) }
    body(UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: place.size))
  }
}
