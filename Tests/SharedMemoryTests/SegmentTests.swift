import SharedMemory
import Testing

@Suite struct SegmentTests {
  @Test func `another size, another stamp and foreign bytes are refused`() throws {
    let name = "/fakeai-images-test-\(UInt64.random(in: 0 ... .max))"
    defer { Segment.unlink(name) }
    let first = try Segment(name: name, size: 8192, stamp: 1)
    let isNew = first.isNew
    #expect(isNew)
    #expect(throws: SegmentError.otherSize(found: 8192, expected: 4096, name: name)) { try open(name, size: 4096, stamp: 1) }
    #expect(throws: SegmentError.otherStamp(found: 1, expected: 2, name: name)) { try open(name, size: 8192, stamp: 2) }
    first.base.storeBytes(of: 42, as: UInt64.self)
    #expect(throws: SegmentError.refused(reason: "it is no segment of fakeai-images", name: name)) {
      try open(name, size: 8192, stamp: 1)
    }
  }

  @Test func `an unfinished segment is started over`() throws {
    let name = "/fakeai-images-test-\(UInt64.random(in: 0 ... .max))"
    defer { Segment.unlink(name) }
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
    let name = "/fakeai-images-test-\(UInt64.random(in: 0 ... .max))"
    defer { Segment.unlink(name) }
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

  private func open(_ name: String, size: Int, stamp: UInt64, create: Bool = true) throws(SegmentError) {
    _ = try Segment(name: name, size: size, stamp: stamp, create: create)
  }
}
