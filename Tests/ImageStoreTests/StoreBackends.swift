import Glibc
import ImageStore
import RingTesting
import SharedMemory
import SystemCalls
import Testing

/// Makes stores of one kind for tests: each `open` of a backend opens the same store, as another process would.
protocol StoreBackend: Sendable, CustomTestStringConvertible {
  /// The store's name of its kind.
  var kind: String { get }

  /// How exactly the store keeps times, in nanoseconds.
  var precision: Int64 { get }

  /// - Parameters:
  ///   - time: the store's clock.
  ///   - evictsWhenFull: whether a full store evicts its oldest image, or refuses the new one.
  func open(time: TestClock, evictsWhenFull: Bool) throws -> any ImageStore

  /// Whether an image that was evicted is gone. (A store may have it elsewhere.)
  var isBounded: Bool { get }

  /// Destroys the store while it is in use, as an operator might; returns false if that is not possible.
  func destroy() -> Bool

  /// Leaves nothing behind.
  func remove()
}

extension StoreBackend {
  var isBounded: Bool { true }

  func isSame(_ time: Int64, _ expected: Int64) -> Bool { abs(time - expected) <= precision }
}

enum StoreBackends {
  static var all: [any StoreBackend] { [SharedMemoryBackend(), DeferredBackend(), DiskBackend()] + RedisBackend.all }

  /// Images are kept for an hour. A store holds between 128 KiB and 1 MiB.
  static let retention = Duration.seconds(3600)
  static let atLeast = 128 << 10
  static let atMost = 1 << 20
}

struct SharedMemoryBackend: StoreBackend {
  let name = TemporaryStore.uniqueName()
  let kind = "memory"
  let precision: Int64 = 0
  var testDescription: String { "shared memory" }

  func open(time: TestClock, evictsWhenFull: Bool) throws -> any ImageStore {
    try SharedMemoryStore(
      name: name, size: 256 << 10, retention: StoreBackends.retention, evictsWhenFull: evictsWhenFull, clock: time.clock)
  }

  func destroy() -> Bool {
    SharedMemoryStore.remove(name)
    return true
  }

  func remove() { SharedMemoryStore.remove(name) }
}

/// A store that answers later, from another thread, like one on a network.
struct DeferredBackend: StoreBackend {
  let base = SharedMemoryBackend()
  let kind = "memory"
  let precision: Int64 = 0
  var testDescription: String { "shared memory, answering from another thread" }

  func open(time: TestClock, evictsWhenFull: Bool) throws -> any ImageStore {
    DeferredStore(base: try base.open(time: time, evictsWhenFull: evictsWhenFull))
  }

  func destroy() -> Bool { base.destroy() }
  func remove() { base.remove() }
}

struct DiskBackend: StoreBackend {
  let place = TemporaryDirectory()
  let kind = "disk"
  /// A file's time has seconds.
  let precision = WallClock.nanosecondsPerSecond
  var testDescription: String { "disk" }

  func open(time: TestClock, evictsWhenFull: Bool) throws -> any ImageStore {
    try DiskStore(
      path: place.path + "/images", name: place.storeName, size: 256 << 10, retention: StoreBackends.retention,
      evictsWhenFull: evictsWhenFull, clock: time.clock)
  }

  func destroy() -> Bool {
    place.removeContents()
    return true
  }

  func remove() { place.remove() }
}
