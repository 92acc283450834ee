import Atomics
import Glibc
import RingTesting
import SharedMemory

/// So many processes that insert and so many that read, all at once and as fast as they can.
struct Crowd {
  enum Work {
    case shared
    /// Each pair of one that inserts and one that reads has a ring of its own.
    case alone
  }

  /// How many pairs there are.
  let size: Int
  let work: Work

  private static let seconds = 2.0
  private static let length = 60_000
  private static let pages = 4096

  func measured() throws -> CrowdCost {
    let places = (0..<(work == .alone ? size : 1)).map { _ in Place() }
    let counters = (0..<size * 2).map { _ in OperationTimes() }
    let children = counters.indices.map { index in
      let place = places[index / 2 % places.count]
      return ChildProcess { try work(as: index, in: place.ring, counters[index]) }
    }
    let ends = withExtendedLifetime(places) { children.map { $0.wait() } }
    try demand(ends.allSatisfy { $0 == .exited(0) }, "a process ended otherwise: \(ends)")
    return CrowdCost(crowd: self, inserts: everySecond(counters, from: 0), reads: everySecond(counters, from: 1))
  }

  private func work(as index: Int, in place: borrowing TemporaryRing, _ times: OperationTimes) throws {
    let ring = try place.open()
    let bytes = Content.bytes(UInt64(index), count: Self.length)
    let end = monotonicNanoseconds() + UInt64(Self.seconds * 1e9)
    while monotonicNanoseconds() < end {
      if index % 2 == 0 {
        // One that times out counts as it should: with the time that it took.
        times.measure { _ = try? ring.insert(bytes, created: 0, expires: .max, whenFull: .evictOldest, key: Ring.key) }
      } else {
        let sequences = ring.liveSequences
        guard !sequences.isEmpty else { continue }
        times.measure { _ = ring.bytes((sequences.lowerBound + sequences.upperBound) / 2) }
      }
    }
  }

  private func everySecond(_ counters: [OperationTimes], from start: Int) -> [OperationTimes] {
    stride(from: start, to: counters.count, by: 2).map { counters[$0] }
  }

  /// Noncopyable values have no arrays.
  private final class Place {
    let ring = TemporaryRing(pages: Crowd.pages)
  }

  var duration: Double { Self.seconds }
}
