import Glibc
import RingTesting
import Testing

@Suite struct TemporaryStoreTests {
  /// Makes a file as a segment, and returns whether it is still there when `body` has run.
  private func isKept(_ name: String, by body: () -> Void) -> Bool {
    let path = "/dev/shm/\(name)"
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    defer { remove(path) }
    body()
    return access(path, F_OK) == 0
  }

  /// Segments of killed test runs filled /dev/shm until somebody looked.
  @Test func `what a killed test process left goes when another one makes names`() {
    // No process has this id, and nobody may use the first one for tests.
    let (gone, living) = (CInt.max, getpid())
    #expect(!isKept("fakeai-images-test-\(gone)-7-v1") { TemporaryStore.removeLeftovers() })
    #expect(!isKept("fakeai-images-test-\(gone)-7") { TemporaryStore.removeLeftovers() })
    let others = [
      "test-\(living)-7-v1", "test-1-7-v1", "default-v1", "test-\(gone)", "testing-\(gone)-7-v1", "test-0-7-v1", "test--\(gone)-7",
    ]
    for name in others {
      #expect(isKept("fakeai-images-\(name)") { TemporaryStore.removeLeftovers() }, "\(name)")
    }
  }

  @Test func `a store takes its segments along, and nobody else's`() {
    var store: TemporaryStore? = TemporaryStore()
    let name = "fakeai-images-\(store!.name)"
    #expect(isKept("\(name)0-v1") { store = nil })
    store = TemporaryStore()
    #expect(!isKept("fakeai-images-\(store!.name)-v1") { store = nil })
  }
}
