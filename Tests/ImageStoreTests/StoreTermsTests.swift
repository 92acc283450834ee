import Glibc
import ImageStore
import RingTesting
import SharedMemory
import SystemCalls
import Testing

/// A store that must not evict has one lifetime: an image that is kept longer would keep the memory of all later ones.
@Suite struct StoreTermsTests {
  private let place = TemporaryStore()
  private var name: String { place.name }
  private let time = TestClock()

  private func store(hours: Double, refusing: Bool) throws -> SharedMemoryStore {
    try SharedMemoryStore(name: name, size: 256 * 1024, retention: .seconds(hours * 3600), evictsWhenFull: !refusing, clock: time.clock)
  }

  private func refusal(hours: Double, refusing: Bool) -> String? {
    do {
      _ = try store(hours: hours, refusing: refusing)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `a store that refuses is not shared by pools with other terms`() throws {
    let first = try store(hours: 168, refusing: true)
    #expect(refusal(hours: 168, refusing: true) == nil)
    for (hours, refusing) in [(0.001, true), (0.001, false), (168, false)] {
      let refusal = try #require(self.refusal(hours: hours, refusing: refusing))
      #expect(refusal.contains("it is in use by a pool that keeps images for 168 h and refuses new ones when it is full"))
      #expect(refusal.contains("while this one keeps images for \(hours == 168 ? "168 h" : "3.6 s")"))
    }
    // The store continues to work.
    let id = try first.insert([1])
    #expect(try first.stored(id)?.bytes == [1])
  }

  @Test func `pools that evict share a store whatever their lifetimes`() throws {
    let first = try store(hours: 168, refusing: false)
    let second = try store(hours: 1, refusing: false)
    #expect(refusal(hours: 1, refusing: true)?.contains("evicts the oldest when it is full") == true)
    for store in [first, second] { _ = try store.insert([1]) }
  }

  @Test func `a shorter lifetime is refused until no image is left that is kept longer`() throws {
    do { _ = try store(hours: 168, refusing: true).insert([1]) }
    let refusal = try #require(self.refusal(hours: 1, refusing: true))
    #expect(
      refusal.contains(
        "it holds an image that expires in 168 h, and no later image can be removed before then, while this pool keeps images for 1 h"
      ))
    time.wait(hours: 167.5)
    let store = try store(hours: 1, refusing: true)
    // The earlier image expires in time for the new ones.
    _ = try store.insert([UInt8](repeating: 1, count: 150_000))
    #expect(throws: StoreError.full(capacity: store.statistics.bytesCapacity!)) { try store.insert([UInt8](repeating: 1, count: 150_000)) }
    time.wait(hours: 1)
    _ = try store.insert([UInt8](repeating: 1, count: 150_000))
  }

  @Test func `a longer lifetime or another policy is accepted if no pool uses the store`() throws {
    do { _ = try store(hours: 1, refusing: true).insert([1]) }
    for (hours, refusing) in [(168.0, true), (168, false), (1, true)] { try expectAccepted(hours: hours, refusing: refusing) }
  }

  /// A process that another test starts at this moment has the store's file open too, until it executes its program.
  private func expectAccepted(hours: Double, refusing: Bool) throws {
    var refusal = refusal(hours: hours, refusing: refusing)
    for _ in 0..<1000 where refusal?.contains("in use") == true {
      usleep(10_000)
      refusal = self.refusal(hours: hours, refusing: refusing)
    }
    #expect(refusal == nil)
  }

  @Test func `a reader of a store has no terms`() throws {
    let used = try store(hours: 168, refusing: true)
    _ = try used.insert([1])
    let seen = try SharedMemoryStore(name: name, size: 256 * 1024, retention: .seconds(3600), create: false, clock: time.clock)
    #expect(seen.statistics.images == 1)
    #expect(refusal(hours: 168, refusing: true) == nil)
  }
}
