import Answers
import Glibc
import RingTesting
import SharedMemory
import SystemCalls
import Testing

@testable import ImageStore

/// Directories that cannot be used, and disks that fail in use.
@Suite struct DiskTroubleTests {
  let fixture = DiskFixture()

  private func refusal(of path: String) -> DiskStoreRefusal? {
    do throws(DiskStoreRefusal) { try DiskStore.check(path: path) } catch { return error }
    return nil
  }

  @Test func `a directory that cannot be used is refused with the reason`() throws {
    let place = fixture.place.path
    #expect(refusal(of: place + "/a/b") == .noParent(path: place + "/a/b"))
    fixture.place.removeContents()
    close(open(place + "/file", O_CREAT | O_WRONLY, 0o644))
    #expect(refusal(of: place + "/file") == .notADirectory(path: place + "/file"))
    mkdir(place + "/real", 0o755)
    symlink("real", place + "/link")
    #expect(refusal(of: place + "/link") == .symbolicLink(path: place + "/link"))
    #expect(refusal(of: place + "/new") == nil)
  }

  @Test func `a store with another index is refused while the directory is in use`() throws {
    let store = try fixture.open()
    let other = TemporaryStore()
    defer { Segment.unlink(DiskStore.segmentName(other.name)) }
    let error = #expect(throws: DiskStoreError.self) {
      try DiskStore(path: fixture.path, name: other.name, size: 1 << 20, retention: .seconds(60))
    }
    #expect("\(String(describing: error))".contains("in use by a pool with another FAKEAI_IMAGE_STORE_NAME"))
    withExtendedLifetime(store) {}
  }

  @Test func `a directory that goes is unavailable until it comes back`() throws {
    let store = try fixture.open()
    let id = try store.insert([1])
    rename(fixture.path, fixture.path + "-away")
    guard case .unavailable = store.health else {
      Issue.record("\(store.health)")
      return
    }
    #expect(throws: StoreError.self) { try store.insert([2]) }
    #expect(throws: StoreError.self) { try store.stored(id) }
    #expect(throws: StoreError.self) { try store.content(of: id, upTo: 0) }
    rename(fixture.path + "-away", fixture.path)
    #expect(store.health == .ready)
    #expect(try store.stored(id)?.bytes == [1])
    #expect(throws: Never.self) { try store.insert([2]) }
  }

  @Test func `an emptied directory is used again`() throws {
    let store = try fixture.open()
    _ = try store.insert([1])
    fixture.place.removeContents()
    mkdir(fixture.path, 0o711)
    let id = try store.insert([2])
    #expect(try store.stored(id)?.bytes == [2] && store.health == .ready)
  }

  @Test(.enabled(if: FileSystem.canBeMounted, "only root can mount file systems"))
  func `a full disk evicts, or refuses, and nothing half-written is served`() throws {
    let disk = try FileSystem(at: fixture.place.path, options: "size=256k")
    let store = try fixture.open(size: 1 << 20)
    let ids = try (0..<20).map { try store.insert([UInt8](repeating: UInt8($0), count: 20_000)) }
    #expect(try store.stored(ids[19])?.bytes == [UInt8](repeating: 19, count: 20_000))
    #expect(store.statistics.evicted > 0)
    let error = #expect(throws: StoreError.self) { try store.insert([UInt8](repeating: 1, count: 500_000)) }
    guard case .noSpace = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(fixture.files.count == store.statistics.images)
    withExtendedLifetime(disk) {}
  }

  @Test(.enabled(if: FileSystem.canBeMounted, "only root can mount file systems"))
  func `a store that must not evict reports a full disk and loses nothing`() throws {
    let disk = try FileSystem(at: fixture.place.path, options: "size=256k")
    let store = try fixture.open(size: 1 << 20, evictsWhenFull: false)
    var ids: [ImageID] = []
    let error = #expect(throws: StoreError.self) { while true { ids.append(try store.insert([UInt8](repeating: 1, count: 20_000))) } }
    guard case .noSpace = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try ids.allSatisfy { try store.stored($0)?.bytes.count == 20_000 })
    #expect(fixture.files.count == ids.count && store.statistics.bytesUsed == ids.count * 20_000)
    withExtendedLifetime(disk) {}
  }

  @Test(.enabled(if: FileSystem.canBeMounted, "only root can mount file systems"))
  func `a disk that becomes read-only is unavailable for new images and serves the others`() throws {
    let disk = try FileSystem(at: fixture.place.path, options: "size=1m")
    let store = try fixture.open()
    let id = try store.insert([1])
    #expect(disk.remount(readOnly: true))
    let error = #expect(throws: StoreError.self) { try store.insert([2]) }
    #expect("\(String(describing: error))".contains("Read-only file system"))
    #expect(try store.stored(id)?.bytes == [1])
    guard case .unavailable = store.health else {
      Issue.record("\(store.health)")
      return
    }
    #expect(disk.remount(readOnly: false))
    #expect(throws: Never.self) { try store.insert([2]) }
    #expect(store.health == .ready)
  }

  @Test(.enabled(if: FileSystem.canBeMounted, "only root can mount file systems"))
  func `nothing is written where a disk should be mounted`() throws {
    mkdir(fixture.path, 0o711)
    var disk: FileSystem? = try FileSystem(at: fixture.path, options: "size=1m")
    let store = try fixture.open()
    _ = try store.insert([1])
    #expect(disk!.detach())
    #expect(throws: StoreError.self) { try store.insert([2]) }
    #expect(TemporaryDirectory.names(in: fixture.path).isEmpty)
    disk = nil
  }
}

/// A file system in memory, until it is destroyed.
final class FileSystem {
  private let path: String
  private let options: String

  struct Failure: Error {}

  static var canBeMounted: Bool {
    let place = TemporaryDirectory()
    return (try? FileSystem(at: place.path, options: "size=64k")) != nil
  }

  init(at path: String, options: String) throws {
    (self.path, self.options) = (path, options)
    guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else { throw Failure() }
  }

  func remount(readOnly: Bool) -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0), options) == 0
  }

  /// Files that are open stay readable.
  func detach() -> Bool { umount2(path, CInt(MNT_DETACH)) == 0 }

  deinit { _ = detach() }
}
