import CPOSIX
import Glibc
import RingTesting
import SharedMemory
import Testing

@Suite struct SegmentTests {
  private let place = TemporaryStore()
  private var name: String { place.segmentName }

  @Test func `another size, another stamp and foreign bytes are refused`() throws {
    let first = try Segment(name: name, size: 8192, stamp: 1)
    let isNew = first.isNew
    #expect(isNew)
    #expect(throws: SegmentError.otherSize(found: 8192, expected: 4096, name: name)) { try open(name, size: 4096, stamp: 1) }
    #expect(throws: SegmentError.otherStamp(found: 1, expected: 2, name: name)) { try open(name, size: 8192, stamp: 2) }
    first.base.storeBytes(of: 42, as: UInt64.self)
    #expect(throws: SegmentError.refused(reason: "it is not a fakeai-images segment", name: name)) {
      try open(name, size: 8192, stamp: 1)
    }
  }

  /// What else may stand under a segment's name, and what is said about it.
  static let foreignFiles: [(reason: String, make: @Sendable (String) -> CInt)] = [
    ("it is a symbolic link", { symlink("/etc/hostname", $0) }),
    ("it is a directory", { mkdir($0, 0o700) }),
    ("it is not a regular file", { mkfifo($0, 0o600) }),
    ("its mode is 640, not 600", { close(Glibc.open($0, O_CREAT | O_WRONLY, 0o600)) + chmod($0, 0o640) }),
  ]

  @Test(arguments: foreignFiles.indices) func `what is no file of ours is refused with its reason, and left as it is`(index: Int) {
    let (reason, make) = Self.foreignFiles[index]
    #expect(make("/dev/shm" + name) == 0)
    for create in [true, false] {
      #expect(throws: SegmentError.refused(reason: reason, name: name)) { try open(name, size: 8192, stamp: 1, create: create) }
    }
    var status = stat()
    #expect(lstat("/dev/shm" + name, &status) == 0)
  }

  @Test func `a segment whose name goes while it is waited for is made anew`() async throws {
    let creator = shm_open(name, O_RDWR | O_CREAT, 0o600)
    #expect(cposix_lock_bytes(creator, 0, 1, false) == 0)
    async let isShared = Task.detached {
      let segment = try Segment(name: name, size: 4096, stamp: 1)
      return !segment.hasLostSharedMemory
    }.value
    // Where this is too short, the segment is opened after the name went, and nothing is tested.
    try await Task.sleep(for: .milliseconds(100))
    Segment.unlink(name)
    close(creator)
    #expect(try await isShared)
  }

  @Test func `an unfinished segment is started over`() throws {
    let first = try Segment(name: name, size: 4096, stamp: 1)
    first.base.storeBytes(of: 0, as: UInt64.self)
    let second = try Segment(name: name, size: 8192, stamp: 2)
    let isNew = second.isNew
    #expect(isNew)
  }

  @Test func `a segment that must exist is not created`() {
    #expect(throws: SegmentError.absent(name: "/fakeai-images-test-none")) {
      try open("/fakeai-images-test-none", size: 4096, stamp: 1, create: false)
    }
  }

  @Test func `a claimed byte is seen by others and freed with its owner`() throws {
    let observer = try Segment(name: name, size: 4096, stamp: 1)
    do {
      let owner = try Segment(name: name, size: 4096, stamp: 1)
      let claims = [owner.claim(byte: 3), observer.claim(byte: 3)]
      #expect(claims == [true, false])
      let seen = [2, 3].map { observer.isClaimed(byte: $0) }
      #expect(seen == [false, true])
    }
    let seen = observer.isClaimed(byte: 3)
    #expect(!seen)
  }

  /// What may happen to a segment's file while it is in use.
  static let damages: [(name: String, make: @Sendable (CInt) -> Void)] = [
    ("cut to nothing", { ftruncate($0, 0) }),
    ("cut to its header", { ftruncate($0, 4096) }),
    ("cut in its header", { ftruncate($0, 16) }),
    ("made longer", { ftruncate($0, 16384) }),
    ("magic overwritten", { pwrite($0, "garbage!", 8, 0) }),
    ("magic zeroed", { pwrite($0, [UInt8](repeating: 0, count: 8), 8, 0) }),
    ("stamp overwritten", { pwrite($0, "garbage!", 8, 8) }),
  ]

  @Test(arguments: damages.indices) func `a damaged segment is given up by who uses it, and made anew by who comes next`(index: Int) throws
  {
    let user = try Segment(name: name, size: 8192, stamp: 1)
    var hasLostSharedMemory = user.hasLostSharedMemory
    #expect(!hasLostSharedMemory)
    damage(name, Self.damages[index].make)
    hasLostSharedMemory = user.hasLostSharedMemory
    #expect(hasLostSharedMemory, "\(Self.damages[index].name)")
    let next = try Segment(name: name, size: 8192, stamp: 1)
    let isSound = next.isNew && !next.hasLostSharedMemory
    #expect(isSound)
    hasLostSharedMemory = user.hasLostSharedMemory
    #expect(hasLostSharedMemory, "the new one is not taken away by who had the old one")
    hasLostSharedMemory = next.hasLostSharedMemory
    #expect(!hasLostSharedMemory)
  }

  @Test(arguments: damages.indices.dropLast()) func `a damaged segment is removed by a process that starts, with what is wrong in words`(
    index: Int
  ) throws {
    let user = try Segment(name: name, size: 8192, stamp: 1)
    #expect(try Segment.removeIfDamaged(name) == nil)
    damage(name, Self.damages[index].make)
    let words = try #require(try Segment.removeIfDamaged(name))
    #expect(words.hasPrefix("it has ") || words == "its header was overwritten")
    #expect(try Segment.removeIfDamaged(name) == nil)
    let next = try Segment(name: name, size: 8192, stamp: 1)
    let isSound = next.isNew && user.hasLostSharedMemory
    #expect(isSound)
  }

  @Test func `a segment that others made with another size or layout is no damage`() throws {
    do { _ = try Segment(name: name, size: 8192, stamp: 1) }
    #expect(try Segment.removeIfDamaged(name) == nil)
    #expect(throws: SegmentError.otherSize(found: 8192, expected: 4096, name: name)) { try open(name, size: 4096, stamp: 1) }
    // Made before the size was kept in the header.
    damage(name) { pwrite($0, [UInt8](repeating: 0, count: 8), 8, 24) }
    #expect(try Segment.removeIfDamaged(name) == nil)
    let joined = try Segment(name: name, size: 8192, stamp: 1)
    let isNew = joined.isNew
    #expect(!isNew)
  }

  @Test func `a segment is removed only when nobody uses it, and one that only looks is nobody`() throws {
    do {
      let one = try Segment(name: name, size: 4096, stamp: 1)
      let other = try Segment(name: name, size: 4096, stamp: 1)
      Segment.removeIfUnused(name)
      #expect(!Segment.renameIfUnused(name, to: name + "-new"))
      let areCutOff = [one.hasLostSharedMemory, other.hasLostSharedMemory]
      #expect(areCutOff == [false, false])
    }
    let looking = try Segment(name: name, size: 4096, stamp: 1, create: false)
    Segment.removeIfUnused(name)
    let hasLostSharedMemory = looking.hasLostSharedMemory
    #expect(hasLostSharedMemory)
  }

  @Test func `a segment that nobody uses is renamed, but never onto another`() throws {
    for suffix in ["", "-taken"] { _ = try Segment(name: name + suffix, size: 4096, stamp: 1) }
    #expect(!Segment.renameIfUnused(name, to: name + "-taken"))
    #expect(Segment.renameIfUnused(name, to: name + "-new"))
    #expect(!Segment.renameIfUnused(name, to: name + "-newer"), "it has gone")
    #expect(Segment.names(startingWith: name) == [name + "-new", name + "-taken"])
  }

  private func damage(_ name: String, _ make: (CInt) -> Void) {
    let file = shm_open(name, O_RDWR, 0)
    make(file)
    close(file)
  }

  private func open(_ name: String, size: Int, stamp: UInt64, create: Bool = true) throws(SegmentError) {
    _ = try Segment(name: name, size: size, stamp: stamp, create: create)
  }
}
