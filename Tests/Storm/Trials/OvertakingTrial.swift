import Atomics
import Glibc
import RingTesting
import SharedMemory

/// Readers of a tiny ring ask for the oldest entry while writers overwrite it. What they are given must be what was inserted under that
/// number, however many reads are overtaken while they copy.
struct OvertakingTrial {
  /// Reads that must be overtaken before this ends.
  let wanted: UInt64
  private let counters = SharedArray<UInt64>(count: 2)

  private static let secondsAtMost = 120.0
  private static let length = 15_000

  /// - Returns: the figures, in words.
  func run() throws -> String {
    let place = TemporaryRing(pages: 16)
    let ring = try place.open()
    let began = monotonicNanoseconds()
    // By hand, for a closure cannot be stored with a ring that it only borrows.
    let children = [ChildProcess { try write(ring) }, ChildProcess { read(ring) }, ChildProcess { read(ring) }]
    while ring.statistics(now: 0).readsOvertaken < wanted, seconds(since: began) < Self.secondsAtMost { usleep(1000) }
    for child in children { kill(child.id, SIGKILL) }
    let ends = children.map { $0.wait() }
    try demand(ends.allSatisfy { $0 == .killed(SIGKILL) }, "a process ended otherwise: \(ends)")
    let overtaken = ring.statistics(now: 0).readsOvertaken
    let wrong = counters[1]
    try demand(wrong == 0, "\(wrong) reads were given wrong bytes")
    try demand(overtaken >= wanted, "only \(overtaken) reads were overtaken in \(Int(Self.secondsAtMost)) s")
    return "\(overtaken) reads overtaken while copying, \(counters[0]) others, 0 wrong bytes, in \(Int(seconds(since: began))) s"
  }

  private func write(_ ring: borrowing Ring) throws {
    while true { try ring.insertContent(count: Self.length) }
  }

  private func read(_ ring: borrowing Ring) {
    while true {
      let sequence = ring.liveSequences.lowerBound
      guard let bytes = ring.bytes(sequence) else { continue }
      counters.atomic(bytes == Content.bytes(sequence, count: Self.length) ? 0 : 1).wrappingIncrement(ordering: .relaxed)
    }
  }

  private func seconds(since began: UInt64) -> Double { Double(monotonicNanoseconds() - began) / 1e9 }
}
