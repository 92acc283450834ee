import Glibc
import RingTesting
import SharedMemory

/// What it costs to insert an entry of 60 KB: medians in microseconds.
struct InsertCost {
  /// Into a ring that was gone round before.
  var warm: Double
  /// Into pages of a new ring that this process writes for the first time.
  var firstRound: Double
  /// Copying as much into shared memory that nobody allocated, let alone touched: what an insert would pay for on top, were the room not
  /// allocated when the ring is created.
  var unallocated: Double

  private static let length = 60_000
  private static let pages = 16_384
  private static let rounds = 5

  static func measured() throws -> InsertCost {
    let place = TemporaryRing(pages: pages)
    let ring = try place.open()
    let bytes = Content.bytes(1, count: length)
    let perRound = RingCapacity(of: ring).bytes / length
    let rounds = try (0..<rounds).map { _ in
      try median((0..<perRound).map { _ in try time { try insert(bytes, into: ring) } })
    }
    return InsertCost(warm: rounds.dropFirst().min()!, firstRound: rounds[0], unallocated: try unallocatedCopy(bytes, count: perRound))
  }

  private static func insert(_ bytes: [UInt8], into ring: borrowing Ring) throws {
    _ = try ring.insert(bytes, created: 0, expires: .max, whenFull: .evictOldest, key: Ring.key)
  }

  private static func unallocatedCopy(_ bytes: [UInt8], count: Int) throws -> Double {
    let size = bytes.count * count
    let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)!
    try unsafe demand(memory != MAP_FAILED, "no memory to share")
    defer { unsafe munmap(memory, size) }
    return median(
      (0..<count).map { index in
        time {
          unsafe bytes.withUnsafeBytes { unsafe (memory + index * bytes.count).copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
        }
      })
  }

  private static func time(_ body: () throws -> Void) rethrows -> Double {
    let began = monotonicNanoseconds()
    try body()
    return Double(monotonicNanoseconds() - began) / 1000
  }

  private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

  var json: String { #"{"warm": \#(warm), "first_round": \#(firstRound), "unallocated": \#(unallocated)}"# }
}
