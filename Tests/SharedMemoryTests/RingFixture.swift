import Glibc
import RingTesting
import SharedMemory

/// A ring under a name of its own that goes with the test.
final class RingFixture: Sendable {
  let ring: Ring
  var name: String { place.segmentName }
  private let place = TemporaryStore()
  /// The ring's own memory, for tests that spoil it.
  nonisolated(unsafe) let memory: UnsafeMutableRawPointer
  private let size: Int

  init(pages: Int = 16) throws {
    ring = try Ring(name: place.segmentName, size: pages * 4096)
    let file = shm_open(place.segmentName, O_RDWR, 0)
    defer { close(file) }
    size = pages * 4096
    memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)!
  }

  deinit { munmap(memory, size) }

  /// Inserts with the sequence number as the key.
  @discardableResult
  func insert(_ bytes: [UInt8], created: Int64 = 0, expires: Int64 = .max, whenFull: RingFullPolicy = .evictOldest) throws -> UInt64 {
    try ring.insert(bytes, metadata: [7], created: created, expires: expires, whenFull: whenFull) { RingKey(high: $0, low: ~$0) }.high
  }

  func entry(_ sequence: UInt64) -> RingEntry? { ring.entry(sequence, key: RingKey(high: sequence, low: ~sequence)) }

  func statistics(now: Int64) -> RingStatistics { ring.statistics(now: now) }

  var hasLostSharedMemory: Bool { ring.hasLostSharedMemory }

  func sweep(now: Int64) -> Int? { ring.sweep(now: now) }

  func bytes(_ sequence: UInt64) -> [UInt8]? { entry(sequence)?.bytes }
}
