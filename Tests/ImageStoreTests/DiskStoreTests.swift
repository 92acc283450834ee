import Answers
import Glibc
import RedisTesting
import RingTesting
import SharedMemory
import SystemCalls
import Testing

@testable import ImageStore

/// A directory with a store, which can be closed and opened again.
final class DiskFixture: Sendable {
  let place = TemporaryDirectory()
  let time = TestClock()
  var path: String { place.path + "/images" }

  init() { time.set(WallClock.system.now()) }

  func open(size: Int = 1 << 20, hours: Double = 1, evictsWhenFull: Bool = true) throws -> DiskStore {
    try DiskStore(
      path: path, name: place.storeName, size: size, retention: .seconds(hours * 3600), evictsWhenFull: evictsWhenFull, clock: time.clock)
  }

  /// The files of images, and whatever else is in their directories.
  var files: [String] { place.files.filter { !$0.hasSuffix("/.fakeai-images") } }

  func write(_ bytes: [UInt8], to name: String) {
    let descriptor = Glibc.open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = Glibc.write(descriptor, bytes, bytes.count)
    close(descriptor)
  }
}

extension DiskStore {
  /// Counts the files of earlier stores, for which an opened store has a thread.
  func counted() -> StoreStatistics {
    countFiles()
    return statistics
  }
}

@Suite struct DiskStoreTests {
  let fixture = DiskFixture()

  @Test func `an id leads to its file`() throws {
    let store = try fixture.open()
    for format in ImageFormat.allCases {
      let id = try store.insert([1, 2, 3], format: format).wait()
      let file = "\(fixture.path)/\(id.description.prefix(7))/\(id).\(format.fileExtension)"
      #expect(fixture.files.contains(file))
    }
  }

  @Test func `any 128 bits can be looked up`() throws {
    let store = try fixture.open()
    for _ in 0..<1000 { #expect(try store.stored(ImageID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))) == nil) }
    for high in [0, UInt64.max, 1 << 63] { #expect(try store.stored(ImageID(high: high, low: .max)) == nil) }
  }

  @Test func `another pool adopts the images, with the lifetimes that they were stored with`() throws {
    let (short, long) = try {
      let short = try fixture.open(hours: 1).insert([1])
      return (short, try fixture.open(hours: 2).insert([2, 2]))
    }()
    // The threads that count files keep their stores, and with them the counts, for a moment longer.
    #expect(try eventually { try DiskStore.statistics(of: fixture.place.storeName) == nil })
    let store = try fixture.open(hours: 0.1)
    let statistics = store.counted()
    #expect((statistics.images, statistics.bytesUsed, statistics.inserted) == (2, 3, 0))
    #expect(store.counted().images == 2, "they were counted twice")
    fixture.time.wait(hours: 0.9)
    #expect(try store.stored(short)?.bytes == [1] && store.stored(long)?.bytes == [2, 2])
    fixture.time.wait(hours: 0.11)
    #expect(try store.stored(short) == nil && store.stored(long)?.bytes == [2, 2])
  }

  @Test func `the images of an earlier pool are evicted before new ones, whichever expire first`() throws {
    let earlier = try { try fixture.open(size: 40_000, hours: 2).insert([UInt8](repeating: 1, count: 20_000)) }()
    let store = try fixture.open(size: 40_000, hours: 1)
    _ = store.counted()
    fixture.time.wait(hours: 0.01)
    let ids = try (0..<2).map { _ in try store.insert([UInt8](repeating: 2, count: 15_000)) }
    #expect(try store.stored(earlier) == nil)
    #expect(try ids.allSatisfy { try store.stored($0) != nil })
    #expect(store.statistics.evicted == 1)
  }

  @Test func `no more bytes are on the disk than the store may have, from however many threads`() async throws {
    let store = try fixture.open(size: 100_000)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { for _ in 0..<50 { _ = try? store.insert([UInt8](repeating: 1, count: .random(in: 1...9000))) } } }
    }
    let lengths = fixture.files.map { file in
      var status = stat()
      stat(file, &status)
      return Int(status.st_size)
    }
    #expect(lengths.reduce(0, +) == store.statistics.bytesUsed)
    #expect(store.statistics.bytesUsed <= 100_000)
    #expect(store.statistics.images == lengths.count && store.statistics.evicted > 0)
  }

  @Test func `expired minutes go with their directories`() throws {
    let store = try fixture.open()
    for _ in 0..<10 { _ = try store.insert([1]) }
    fixture.time.wait(hours: 1.02)
    store.sweep()
    #expect(TemporaryDirectory.names(in: fixture.path) == [".fakeai-images"])
    #expect(store.statistics.expired == 10)
  }

  @Test func `what somebody else has put there is neither served, counted nor removed`() throws {
    let minute = try fixture.open().insert([1]).description.prefix(7)
    let names = ["README", "0000001/notes.txt", "\(minute)/mine.png", "\(minute)/\(String(repeating: "0", count: 32)).png"]
    mkdir(fixture.path + "/0000001", 0o755)
    mkdir(fixture.path + "/photos", 0o755)
    for name in names + ["photos/\(String(repeating: "a", count: 32)).png"] { fixture.write([1, 2, 3], to: name) }
    let store = try fixture.open()
    #expect(store.counted().images == 1)
    fixture.time.wait(hours: 1.02)
    store.sweep()
    #expect(fixture.files.count == 5 && store.statistics.expired == 1)
  }

  @Test func `a link with the name of an image is not followed`() throws {
    let store = try fixture.open()
    let id = try store.insert([1])
    let file = try #require(fixture.files.first)
    unlink(file)
    symlink("/etc/passwd", file)
    #expect(try store.stored(id) == nil && store.content(of: id, upTo: 0) == nil)
  }

  @Test func `an image that a power failure has cut short is not served`() throws {
    let store = try fixture.open()
    let ids = try (0..<3).map { _ in try store.insert([UInt8](repeating: 1, count: 10_000)) }
    let files = fixture.files
    for (file, length) in zip(files, [0, 4096, 10_000]) {
      var status = stat()
      stat(file, &status)
      truncate(file, length)
      utimensat(AT_FDCWD, file, [status.st_mtim, status.st_mtim], 0)
    }
    #expect(try ids.count { try store.stored($0) != nil } == 1)
    #expect(try ids.count { try store.content(of: $0, upTo: 0) != nil } == 1)
  }

  @Test func `an image that vanished gives its room back`() throws {
    let store = try fixture.open(size: 10_000)
    for _ in 0..<2 { _ = try store.insert([UInt8](repeating: 1, count: 5000)) }
    for file in fixture.files { unlink(file) }
    #expect(throws: Never.self) { try store.insert([UInt8](repeating: 1, count: 9000)) }
    #expect(store.statistics.bytesUsed == 9000)
  }

  @Test func `files are readable by those who know their names, whatever the umask`() throws {
    let before = umask(0o077)
    defer { umask(before) }
    let store = try fixture.open()
    let id = try store.insert([1])
    var status = stat()
    for (path, mode) in [("", 0o711), ("/\(id.minute.name)", 0o711), ("/\(id.minute.name)/\(id).png", 0o644)] {
      stat(fixture.path + path, &status)
      #expect(Int(status.st_mode & 0o777) == mode)
    }
  }
}
