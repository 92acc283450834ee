import Answers
import RingTesting
import SharedMemory
import SystemCalls
import Testing

@testable import ImageStore

/// A store with a name of its own that is removed after the test.
final class StoreFixture: Sendable {
  private let place = TemporaryStore()
  var name: String { place.name }
  let time = TestClock()
  let store: SharedMemoryStore

  init(evictsWhenFull: Bool = true) throws {
    store = try SharedMemoryStore(
      name: place.name, size: 256 * 1024, retention: .seconds(3600), evictsWhenFull: evictsWhenFull, clock: time.clock)
  }
}

extension ImageStore {
  func insert(_ file: [UInt8]) throws(StoreError) -> ImageID { try insert(file, format: .png).wait() }

  func stored(_ id: ImageID) throws(StoreError) -> StoredImage? { try image(for: id).wait() }
}

@Suite struct SharedMemoryStoreTests {
  @Test func `an image is served for an hour`() throws {
    let fixture = try StoreFixture()
    let id = try fixture.store.insert([1, 2, 3])
    fixture.time.wait(hours: 0.999)
    #expect(try fixture.store.stored(id)?.bytes == [1, 2, 3])
    fixture.time.wait(hours: 0.001)
    #expect(try fixture.store.stored(id) == nil)
  }

  @Test func `expired images do not count, and a sweep frees their memory`() throws {
    let fixture = try StoreFixture()
    for _ in 0..<5 { _ = try fixture.store.insert([UInt8](repeating: 1, count: 1000)) }
    #expect(fixture.store.statistics.images == 5)
    #expect(fixture.store.statistics.bytesUsed == 5000)
    fixture.time.wait(hours: 2)
    #expect(fixture.store.statistics.images == 0)
    #expect(fixture.store.statistics.bytesUsed == 0)
    #expect(fixture.store.sweepExpired() == 5)
    #expect(fixture.store.sweepExpired() == 0)
  }

  @Test func `another opening of the store serves the same images`() throws {
    let fixture = try StoreFixture()
    let id = try fixture.store.insert([9])
    let other = try SharedMemoryStore(
      name: fixture.name, size: 256 * 1024, retention: .seconds(3600), clock: fixture.time.clock)
    #expect(try other.stored(id)?.bytes == [9])
  }

  @Test func `a full store that must not evict reports that`() throws {
    let fixture = try StoreFixture(evictsWhenFull: false)
    let half = [UInt8](repeating: 1, count: 100_000)
    _ = try [fixture.store.insert(half), fixture.store.insert(half)]
    #expect(throws: StoreError.full(capacity: fixture.store.statistics.bytesCapacity!)) { try fixture.store.insert(half) }
  }

  @Test func `an unknown id finds nothing`() throws {
    let fixture = try StoreFixture()
    let id = try fixture.store.insert([1])
    #expect(try fixture.store.stored(ImageID(sequence: id.sequence)) == nil)
  }

  @Test func `a removed store is noticed`() throws {
    let fixture = try StoreFixture()
    #expect(fixture.store.health == .ready)
    SharedMemoryStore.remove(fixture.name)
    #expect(fixture.store.health == .lost)
    #expect(throws: StoreError.removed) { try fixture.store.insert([1]) }
  }
}
