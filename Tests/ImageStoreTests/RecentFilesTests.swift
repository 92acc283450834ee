import Answers
import Glibc
import RingTesting
import SystemCalls
import SystemPackage
import Testing

@testable import ImageStore

/// Files that stay open between reads.
@Suite struct RecentFilesTests {
  let fixture = DiskFixture()

  /// How many files of the store this process has open, removed ones included.
  private var openFiles: Int {
    get throws {
      var count = 0
      // Tests that run meanwhile have hundreds of descriptors.
      try forEachName(in: "/proc/self/fd") { descriptor in
        var name = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/fd/\(descriptor)", &name, name.count)
        guard length > 0 else { return }
        let file = String(decoding: name[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
        if file.hasPrefix(fixture.path + "/") { count += 1 }
      }
      return count
    }
  }

  private func path(of id: ImageID) -> String { "\(fixture.path)/\(id.description.prefix(7))/\(id).png" }

  @Test func `only files that are read twice within a second stay open, not more than fit, and not for long`() throws {
    let store = try fixture.open()
    let ids = try (0..<40).map { _ in try store.insert([1]) }
    let others = try openFiles
    let recent = RecentFiles(capacity: 16)
    func read(_ ids: [ImageID], at second: Double) throws {
      for id in ids {
        let found = try recent.file(of: id, now: Int64(second * 1e9)) { () throws(Errno) in
          OpenFile(FileHandle(owning: try systemCall { open(path(of: id), O_RDONLY) }))
        }
        #expect(found?.status.st_size == 1)
      }
    }
    try read(ids, at: 10)
    #expect(try openFiles == others)
    try read(ids, at: 12)
    #expect(try openFiles == others, "the second time is too late")
    for id in ids { for _ in 0..<2 { try read([id], at: 12.5) } }
    #expect(try (others + 12...others + 16).contains(openFiles))
    for _ in 0..<16 { try read([ids[0]], at: 13) }
    #expect(try (others + 12...others + 16).contains(openFiles), "they are recent")
    for second in 20..<40 { try read([ids[0]], at: Double(second)) }
    #expect(try openFiles == others)
  }

  @Test func `two files whose IDs share a place do not close each other`() throws {
    let store = try fixture.open()
    let recent = RecentFiles(capacity: 8)
    // Both have the same first place, and the second has another one.
    let first = try store.insert([1])
    var second = first
    while second.low % 8 != first.low % 8 || second == first || second.low / 8 % 8 == first.low % 8 { second = try store.insert([1]) }
    var opened = 0
    for _ in 0..<100 {
      for id in [first, second] {
        _ = try recent.file(of: id, now: 10_000_000_000) { () throws(Errno) in
          opened += 1
          return OpenFile(FileHandle(owning: try systemCall { open(path(of: id), O_RDONLY) }))
        }
      }
    }
    #expect(opened == 4, "twice each, after which they stay open")
  }

  @Test func `a removed or shortened file is not served, even if it is open`() throws {
    let store = try fixture.open()
    let (removed, shortened) = (try store.insert([1, 2]), try store.insert([3, 4]))
    for id in [removed, shortened] { for _ in 0..<3 { #expect(try store.stored(id) != nil) } }
    unlink(path(of: removed))
    truncate(path(of: shortened), 1)
    for id in [removed, shortened] { #expect(try store.stored(id) == nil) }
  }

  @Test func `a file that is written over is read again, even if its length and its time are as before`() throws {
    let store = try fixture.open()
    let id = try store.insert([1, 2])
    for _ in 0..<3 { #expect(try store.stored(id)?.bytes == [1, 2]) }
    var status = stat()
    try #require(stat(path(of: id), &status) == 0)
    let descriptor = open(path(of: id), O_WRONLY)
    defer { close(descriptor) }
    #expect(pwrite(descriptor, [3, 4] as [UInt8], 2, 0) == 2)
    #expect(futimens(descriptor, [status.st_atim, status.st_mtim]) == 0)
    let found = try store.stored(id)?.bytes
    #expect(found == [3, 4])
  }

  @Test func `a directory that goes is noticed within a second`() throws {
    let store = try fixture.open()
    let id = try store.insert([1])
    for _ in 0..<3 { _ = try store.stored(id) }
    rename(fixture.path, fixture.path + "-away")
    #expect(try store.stored(id)?.bytes == [1])
    fixture.time.wait(hours: 1 / 3600)
    #expect(throws: StoreError.self) { try store.stored(id) }
  }
}
