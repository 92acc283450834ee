import Answers
import Glibc
import RingTesting
import Testing

@testable import ImageStore

/// Files that stay open between reads.
@Suite struct RecentFilesTests {
  let fixture = DiskFixture()

  /// How many files of the store this process has open, removed ones included.
  private var openFiles: Int {
    (3..<256).count { descriptor in
      var name = [CChar](repeating: 0, count: 4096)
      let length = readlink("/proc/self/fd/\(descriptor)", &name, name.count)
      guard length > 0 else { return false }
      return String(decoding: name[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self).hasPrefix(fixture.path + "/")
    }
  }

  private func path(of id: ImageID) -> String { "\(fixture.path)/\(id.description.prefix(7))/\(id).png" }

  @Test func `only files that are read twice within a second stay open, and not more than 64`() throws {
    let store = try fixture.open()
    let others = openFiles
    let ids = try (0..<200).map { _ in try store.insert([1]) }
    for id in ids { _ = try store.stored(id) }
    #expect(openFiles == others)
    fixture.time.wait(hours: 2 / 3600)
    for id in ids { _ = try store.stored(id) }
    #expect(openFiles == others)
    for id in ids { for _ in 0..<2 { #expect(try store.stored(id)?.bytes == [1]) } }
    #expect((others + 32...others + RecentFiles.capacity).contains(openFiles))
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
