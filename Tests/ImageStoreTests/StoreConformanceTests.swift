import Answers
import ImageStore
import RingTesting
import Synchronization
import SystemCalls
import Testing

// What every store must do, whatever it is made of. A new kind of store adds a backend to `StoreBackends.all`, and these tests run against it.

private final class Count: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }
  func increase() { count.add(1, ordering: .relaxed) }
}

@Suite struct StoreConformanceTests {
  private static var backends: [any StoreBackend] { StoreBackends.all }
  private static var boundedBackends: [any StoreBackend] { backends.filter(\.isBounded) }

  private let time = TestClock()

  @Test(arguments: backends) func `an image of one process is served by all, complete with format and times`(backend: any StoreBackend)
    throws
  {
    defer { backend.remove() }
    let (one, other) = (try backend.open(time: time, evictsWhenFull: true), try backend.open(time: time, evictsWhenFull: true))
    #expect(one.kind == backend.kind)
    for (index, format) in ImageFormat.allCases.enumerated() {
      let file = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }
      let now = time.clock.now()
      let id = try one.insert(file, format: format).wait()
      for store in [one, other] {
        let image = try #require(try store.stored(id))
        #expect(image.bytes == file && image.format == format)
        #expect(backend.isSame(image.created, now))
        #expect(backend.isSame(image.expires, now + 3600 * WallClock.nanosecondsPerSecond))
      }
      time.wait(hours: 0.01)
    }
  }

  @Test(arguments: backends) func `an unknown id finds nothing, nor does one that differs by a bit`(backend: any StoreBackend)
    throws
  {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    let id = try store.insert([1, 2, 3])
    #expect(try store.stored(ImageID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))) == nil)
    for bit in 0..<64 {
      for forged in [ImageID(high: id.high ^ 1 << bit, low: id.low), ImageID(high: id.high, low: id.low ^ 1 << bit)] where forged != id {
        #expect(try store.stored(forged) == nil)
      }
    }
  }

  @Test(arguments: backends) func `an image is served until it expires, swept or not`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    #expect(store.retention == StoreBackends.retention)
    let id = try store.insert([1])
    time.wait(hours: 0.999)
    store.sweep()
    #expect(try store.stored(id) != nil)
    time.wait(hours: 0.001)
    #expect(try store.stored(id) == nil)
    store.sweep()
    #expect(try store.stored(id) == nil)
  }

  @Test(arguments: backends) func `statistics count the live and the removed images`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    #expect(store.statistics.images == 0)
    #expect(store.statistics.oldest == nil && store.statistics.newest == nil)
    let start = time.clock.now()
    for _ in 0..<3 { _ = try store.insert([UInt8](repeating: 1, count: 1000)) }
    time.wait(hours: 0.5)
    _ = try store.insert([UInt8](repeating: 1, count: 500))
    var statistics = store.statistics
    #expect(statistics.images == 4)
    #expect(statistics.bytesUsed == 3500)
    #expect(statistics.inserted == 4)
    #expect(backend.isSame(try #require(statistics.oldest), start))
    #expect(backend.isSame(try #require(statistics.newest), time.clock.now()))
    time.wait(hours: 0.6)
    store.sweep()
    statistics = store.statistics
    #expect(statistics.images == 1)
    #expect(statistics.bytesUsed == 500)
    #expect((statistics.inserted, statistics.evicted, statistics.expired) == (4, 0, 3))
  }

  @Test(arguments: backends) func `an image that is kept is served by all as well`(
    backend: any StoreBackend
  ) async throws {
    defer { backend.remove() }
    let (one, other) = (try backend.open(time: time, evictsWhenFull: true), try backend.open(time: time, evictsWhenFull: true))
    let id = try #require(one.keep([1, 2, 3], format: .webp))
    // Nobody waits for Redis to have it.
    for _ in 0..<1000 where try other.stored(id) == nil { try await Task.sleep(for: .milliseconds(10)) }
    for store in [one, other] {
      let image = try #require(try store.stored(id))
      #expect(image.bytes == [1, 2, 3] && image.format == .webp)
    }
  }

  @Test(arguments: boundedBackends) func `a store that evicts nothing keeps nothing that nobody has asked for`(backend: any StoreBackend)
    throws
  {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: false)
    #expect(store.keep([1, 2, 3], format: .png) == nil)
    #expect(store.statistics.images == 0)
  }

  @Test(arguments: boundedBackends) func `a full store evicts its oldest image`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    let ids = try (0..<40).map { number in
      time.wait(hours: 0.001)
      return try store.insert([UInt8](repeating: UInt8(number), count: StoreBackends.atMost / 20))
    }
    let there = try ids.map { try store.stored($0) != nil }
    let firstThere = try #require(there.firstIndex(of: true))
    #expect(firstThere > 0, "it has more room than it may")
    #expect(there[firstThere...].allSatisfy { $0 }, "others than the oldest were evicted")
    #expect(store.statistics.evicted == UInt64(firstThere))
    #expect((40 - firstThere) * (StoreBackends.atMost / 20) >= StoreBackends.atLeast - StoreBackends.atMost / 20)
  }

  @Test(arguments: boundedBackends) func `a store that must not evict refuses new images and loses none`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: false)
    var ids: [ImageID] = []
    var refusal: StoreError?
    for number in 0..<40 where refusal == nil {
      do throws(StoreError) { ids.append(try store.insert([UInt8](repeating: UInt8(number), count: StoreBackends.atMost / 20))) } catch {
        refusal = error
      }
    }
    guard case .full = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    for (number, id) in ids.enumerated() { #expect(try store.stored(id)?.bytes.first == UInt8(number)) }
    time.wait(hours: 1)
    #expect(throws: Never.self) { try store.insert([1]) }
  }

  @Test(arguments: backends) func `an image larger than the store is refused`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    let kept = try store.insert([7])
    let error = #expect(throws: StoreError.self) { try store.insert([UInt8](repeating: 1, count: StoreBackends.atMost + 1)) }
    guard case .tooLarge(let bytes, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bytes == StoreBackends.atMost + 1)
    #expect(try store.stored(kept)?.bytes == [7])
  }

  @Test(arguments: backends) func `concurrent readers see each image completely or not at all`(backend: any StoreBackend)
    async throws
  {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    let broken = Count()
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for round in 0..<50 {
            let byte = UInt8(truncatingIfNeeded: worker * 50 + round)
            guard let id = try? store.insert([UInt8](repeating: byte, count: 10_000)), let image = try? store.stored(id) else { continue }
            if image.bytes != [UInt8](repeating: byte, count: 10_000) { broken.increase() }
          }
        }
      }
    }
    #expect(broken.value == 0)
    #expect(store.statistics.inserted == 200)
  }

  @Test(arguments: backends) func `a destroyed store reports that and accepts no images`(backend: any StoreBackend) throws {
    defer { backend.remove() }
    let store = try backend.open(time: time, evictsWhenFull: true)
    #expect(store.health == .ready)
    guard backend.destroy() else { return }
    #expect(store.health != .ready)
    #expect(throws: StoreError.self) { try store.insert([1]) }
  }
}
