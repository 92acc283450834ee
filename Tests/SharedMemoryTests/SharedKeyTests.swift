import Glibc
import RingTesting
import SharedMemory
import Testing

@Suite struct SharedKeyTests {
  private let store = TemporaryStore()

  @Test func `all processes of a store have the same key, and other stores another one`() throws {
    let key = try SharedKey(store: store.name)
    #expect(key.bytes.count == 32 && Set(key.bytes).count > 8)
    #expect(try SharedKey(store: store.name).bytes == key.bytes)
    let other = TemporaryStore()
    #expect(try SharedKey(store: other.name).bytes != key.bytes)
    #expect(!key.isRemoved)
  }

  @Test func `a key outlives the processes that use it`() throws {
    let bytes = try SharedKey(store: store.name).bytes
    #expect(try SharedKey(store: store.name).bytes == bytes)
  }

  @Test func `a key that was removed is replaced, which its users notice`() throws {
    let key = try SharedKey(store: store.name)
    shm_unlink(SharedKey.segmentName(store.name))
    #expect(key.isRemoved)
    #expect(try SharedKey(store: store.name).bytes != key.bytes)
  }

  @Test(arguments: [0, 8, 64, 70, 95, 96, 103]) func `a key that was overwritten is replaced, which its users notice`(place: Int) throws {
    let key = try SharedKey(store: store.name)
    try overwrite(at: place)
    #expect(key.isRemoved)
    #expect(try SharedKey(store: store.name).bytes != key.bytes)
  }

  @Test func `a new process notices an overwritten key by itself`() throws {
    let key = try SharedKey(store: store.name)
    try overwrite(at: 64)
    let new = try SharedKey(store: store.name)
    #expect(new.bytes != key.bytes && !new.isRemoved && key.isRemoved)
    #expect(try SharedKey(store: store.name).bytes == new.bytes)
  }

  private func overwrite(at place: Int) throws {
    let file = open("/dev/shm" + SharedKey.segmentName(store.name), O_RDWR)
    defer { close(file) }
    var byte: UInt8 = 0
    try #require(pread(file, &byte, 1, off_t(place)) == 1)
    byte ^= 0xff
    try #require(pwrite(file, &byte, 1, off_t(place)) == 1)
  }
}
