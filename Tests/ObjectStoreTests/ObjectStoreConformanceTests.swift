import Answers
import ObjectStore
import RedisTesting
import RingTesting
import Synchronization
import Testing

// What all stores must do, wherever the objects are.

@Suite(.timeLimit(.minutes(5))) struct ObjectStoreConformanceTests {
  private let backends = ObjectBackends()
  private var time: TestClock { backends.time }
  private static let hour: Int64 = 3600 * 1_000_000_000

  /// From nothing to more than Redis has in one value, on both sides of each boundary.
  private static let sizes = [0, 1, 4056, 4057, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (5 << 18) + 17]

  @Test(arguments: ObjectBackendKind.allCases) func `an object is what was stored, for every process`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<2).map { _ in try backend.open() }
    for (number, size) in Self.sizes.enumerated() {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
      let expires = Self.hour + Int64(number)
      let version = try #require(try stores[0].set(.file("f\(number)"), bytes, expires: expires))
      let found = try stores[1].object(.file("f\(number)")).wait()
      #expect(found == StoredObject(bytes: bytes, version: version, expires: expires), "\(size) bytes")
    }
    #expect(try stores[0].get(.file("f")) == nil)
  }

  @Test(arguments: ObjectBackendKind.allCases) func `kinds and IDs are apart`(kind: ObjectBackendKind) throws {
    let store = try backends.make(kind).open()
    let ids = ["a", "A", "a.", "a-b", "a_b", "0", String(repeating: "z", count: ObjectName.longestID)]
    for kind in ObjectKind.allCases {
      for id in ids { try store.set(ObjectName(kind, id)!, Array("\(kind) \(id)".utf8)) }
    }
    for kind in ObjectKind.allCases {
      for id in ids { #expect(try store.get(ObjectName(kind, id)!) == Array("\(kind) \(id)".utf8)) }
      #expect(try store.list(kind) == ids.sorted())
    }
  }

  // MARK: - Conditions

  @Test(arguments: ObjectBackendKind.allCases) func `an object is stored only if the condition holds`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let (one, other) = (try backend.open(), try backend.open())
    let first = try #require(try one.set(.file("f"), [1]))
    #expect(try other.set(.file("f"), [2]) == nil)
    #expect(try other.set(.file("g"), [2], if: .version(first)) == nil)
    let second = try #require(try other.set(.file("f"), [3], if: .version(first)))
    #expect(second != first)
    #expect(try one.set(.file("f"), [4], if: .version(first)) == nil)
    #expect(try one.get(.file("f")) == [3] && one.get(.file("g")) == nil)
    // Large objects, of which the parts are written before the condition is checked.
    let large = [UInt8](repeating: 7, count: 600_000)
    #expect(try one.set(.file("f"), large) == nil && one.set(.file("f"), large, if: .version(first)) == nil)
    #expect(try other.get(.file("f")) == [3])
    #expect(try one.set(.file("f"), large, if: .version(second)) != nil)
    #expect(try other.get(.file("f")) == large)
  }

  @Test(arguments: ObjectBackendKind.allCases) func `a version of an object that was removed is none of its successor`(
    kind: ObjectBackendKind
  ) throws {
    let store = try backends.make(kind).open()
    let old = try #require(try store.set(.file("f"), [1]))
    #expect(try store.remove(.file("f")).wait())
    #expect(try store.set(.file("f"), [2], if: .version(old)) == nil)
    try store.set(.file("f"), [3])
    #expect(try store.set(.file("f"), [4], if: .version(old)) == nil)
    #expect(try store.get(.file("f")) == [3])
  }

  @Test(arguments: ObjectBackendKind.allCases) func `changes by compare and swap are never lost`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<4).map { _ in try backend.open() }
    try stores[0].set(.file("n"), Array("0".utf8))
    let created = Mutex(0)
    inParallel(4) { thread in
      let store = stores[thread]
      do {
        if try store.set(.file("once"), [UInt8(thread)]) != nil { created.withLock { $0 += 1 } }
        for _ in 0..<25 {
          var isDone = false
          while !isDone {
            guard let found = try store.object(.file("n")).wait(), let number = Int(String(decoding: found.bytes, as: UTF8.self)) else {
              return
            }
            isDone = try store.set(.file("n"), Array("\(number + 1)".utf8), if: .version(found.version)) != nil
          }
        }
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(try stores[0].get(.file("n")) == Array("100".utf8))
    #expect(created.withLock { $0 } == 1)
  }

  @Test(arguments: ObjectBackendKind.allCases) func `readers see an object before or after a change, never a part of it`(
    kind: ObjectBackendKind
  ) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<4).map { _ in try backend.open() }
    @Sendable func content(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 300_000 + 100_000 * (number % 4)) }
    try stores[0].set(.file("f"), content(0))
    let isOver = Atomic(false)
    inParallel(4) { thread in
      do {
        if thread == 0 {
          defer { isOver.store(true, ordering: .relaxed) }
          for number in 1...30 {
            let version = try #require(try stores[0].object(.file("f")).wait()).version
            #expect(try stores[0].set(.file("f"), content(number), if: .version(version)) != nil)
          }
        }
        repeat {
          let bytes = try #require(try stores[thread].get(.file("f")))
          #expect(bytes == content(Int(bytes[0])))
        } while !isOver.load(ordering: .relaxed)
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(try stores[1].get(.file("f")) == content(30))
  }

  // MARK: - The end of objects

  @Test(arguments: ObjectBackendKind.allCases) func `a removed object is gone, and was there once`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let (one, other) = (try backend.open(), try backend.open())
    for bytes in [[1], [UInt8](repeating: 1, count: 600_000)] {
      try one.set(.file("f"), bytes)
      #expect(try other.remove(.file("f")).wait())
      #expect(try !one.remove(.file("f")).wait())
      #expect(try one.get(.file("f")) == nil && one.list(.file).isEmpty)
    }
  }

  @Test(arguments: ObjectBackendKind.allCases) func `an object is there until it expires, swept or not`(kind: ObjectBackendKind) throws {
    let store = try backends.make(kind).open()
    let large = [UInt8](repeating: 5, count: 600_000)
    let version = try #require(try store.set(.file("small"), [1]))
    try store.set(.response("large"), large)
    try store.set(.file("later"), large, expires: 2 * Self.hour)
    // Redis counts milliseconds.
    time.set(Self.hour - 1_000_000)
    store.sweep()
    #expect(try store.get(.file("small")) == [1] && store.get(.response("large")) == large)
    time.set(Self.hour)
    for isSwept in [false, true] {
      if isSwept { store.sweep() }
      #expect(try store.get(.file("small")) == nil && store.get(.response("large")) == nil)
      #expect(try store.list(.file) == ["later"] && store.list(.response).isEmpty)
      #expect(try store.set(.file("small"), [2], expires: 2 * Self.hour, if: .version(version)) == nil)
      #expect(try !store.remove(.response("none")).wait())
    }
    #expect(try store.get(.file("later")) == large)
    #expect(try store.set(.file("small"), [3], expires: 2 * Self.hour) != nil)
    #expect(try store.get(.file("small")) == [3] && store.list(.file) == ["later", "small"])
  }

  @Test(arguments: ObjectBackendKind.allCases) func `an expired object is no longer there for who removes it`(kind: ObjectBackendKind)
    throws
  {
    let store = try backends.make(kind).open()
    try store.set(.file("f"), [1])
    time.wait(hours: 1)
    #expect(try !store.remove(.file("f")).wait())
  }

  // MARK: - Lists

  @Test(arguments: ObjectBackendKind.allCases) func `IDs are listed in their order, by their beginning, however many there are`(
    kind: ObjectBackendKind
  ) throws {
    let store = try backends.make(kind).open()
    let ids = (0..<2300).map { number in "b\(number % 2).\(1_000_000 + number)" }
    for id in ids.shuffled() { try store.set(ObjectName(.line, id)!, [1]) }
    #expect(try store.list(.line) == ids.sorted())
    #expect(try store.list(.line, "b1.") == ids.filter { $0.hasPrefix("b1.") })
    #expect(try store.list(.line, "b1.1002299") == ["b1.1002299"])
    #expect(try store.list(.line, "b2.").isEmpty && store.list(.batch).isEmpty)
  }

  // MARK: - Limits

  private static let small = ObjectCapacity(kept: 1 << 20, evicted: 1 << 20)

  @Test(arguments: ObjectBackendKind.bounded) func `what clients count on is refused when there is no room, and nothing is lost`(
    kind: ObjectBackendKind
  ) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<2).map { _ in try backend.open(Self.small) }
    var (count, refusal): (Int, ObjectStoreError?) = (0, nil)
    while refusal == nil, count < 100 {
      do throws(ObjectStoreError) {
        try stores[count % 2].set(.file("f\(100 + count)"), [UInt8](repeating: UInt8(count), count: 50_000))
        count += 1
      } catch {
        refusal = error
      }
    }
    let full = ObjectStoreError.full(.file, capacity: 1 << 20)
    #expect(refusal == full)
    // Each is counted as 53,248 bytes.
    #expect(count == 19)
    for number in 0..<count { #expect(try stores[1].get(.file("f\(100 + number)"))?.first == UInt8(number)) }
    #expect(throws: full) { try stores[0].set(.file("large"), [UInt8](repeating: 1, count: 600_000)) }
    #expect(try stores[0].list(.file).count == count)
    // The other group has a limit of its own.
    try stores[0].set(.response("r"), [UInt8](repeating: 1, count: 600_000))
    #expect(try stores[1].remove(.file("f100")).wait())
    try stores[0].set(.file("new"), [UInt8](repeating: 1, count: 50_000))
    #expect(throws: full) { try stores[1].set(.file("another"), [UInt8](repeating: 1, count: 50_000)) }
  }

  @Test(arguments: ObjectBackendKind.bounded) func `expired objects make room, for large ones too`(kind: ObjectBackendKind) throws {
    let store = try backends.make(kind).open(Self.small)
    for number in 0..<19 { try store.set(.file("f\(number)"), [UInt8](repeating: 1, count: 50_000)) }
    time.wait(hours: 1)
    let large = [UInt8](repeating: 2, count: 900_000)
    try store.set(.file("large"), large, expires: 2 * Self.hour)
    #expect(try store.get(.file("large")) == large && store.list(.file) == ["large"])
  }

  @Test(arguments: ObjectBackendKind.bounded) func `a replaced object counts once, and a refused one leaves the old`(
    kind: ObjectBackendKind
  ) throws {
    let store = try backends.make(kind).open(Self.small)
    var version = try #require(try store.set(.file("f"), [UInt8](repeating: 0, count: 600_000)))
    for number in 1...4 {
      version = try #require(try store.set(.file("f"), [UInt8](repeating: UInt8(number), count: 900_000), if: .version(version)))
    }
    version = try #require(try store.set(.file("f"), [5], if: .version(version)))
    try store.set(.file("g"), [UInt8](repeating: 6, count: 600_000))
    #expect(throws: ObjectStoreError.full(.file, capacity: 1 << 20)) {
      try store.set(.file("f"), [UInt8](repeating: 7, count: 600_000), if: .version(version))
    }
    #expect(try store.get(.file("f")) == [5] && store.get(.file("g"))?.first == 6)
  }

  @Test(arguments: ObjectBackendKind.bounded) func `what may go makes room, those first that expire first`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<2).map { _ in try backend.open(Self.small) }
    // The last ones to come are not the last ones to expire.
    let order = (0..<40).map { $0 * 7 % 40 }
    for number in order {
      try stores[number % 2].set(
        .response("r\(100 + number)"), [UInt8](repeating: UInt8(number), count: 50_000), expires: Self.hour + Int64(number) * 1_000_000_000)
    }
    let there = try (0..<40).map { try stores[0].get(.response("r\(100 + $0)")) != nil }
    let kept = try #require(there.firstIndex(of: true))
    #expect(there.count { $0 } <= 19 && there.count { $0 } >= 12, "\(there)")
    #expect(there[39] && there[38] && kept > 0)
    #expect(try stores[1].list(.response) == (0..<40).filter { there[$0] }.map { "r\(100 + $0)" })
    // Of those that came after the store was full for the first time, all that expire late are there.
    #expect(there[35...].allSatisfy { $0 }, "\(there)")
    let large = [UInt8](repeating: 99, count: 1_000_000)
    try stores[0].set(.response("large"), large, expires: Self.hour)
    #expect(try stores[1].get(.response("large")) == large)
    #expect(try stores[1].list(.response) == ["large"])
  }

  @Test(arguments: ObjectBackendKind.bounded) func `an object larger than all may be is refused, and makes no room`(kind: ObjectBackendKind)
    throws
  {
    let store = try backends.make(kind).open(Self.small)
    try store.set(.response("r"), [1])
    for name in [ObjectName.file("f"), .response("large")] {
      let bytes = [UInt8](repeating: 1, count: 1 << 20)
      #expect(throws: ObjectStoreError.tooLarge(bytes: bytes.count, capacity: 1 << 20)) { try store.set(name, bytes) }
    }
    #expect(try store.get(.response("r")) == [1] && store.list(.file).isEmpty)
  }

  // MARK: - Claims

  @Test(arguments: ObjectBackendKind.allCases) func `one process has a claim until it is released`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let (one, other) = (try backend.open(), try backend.open())
    let name = ObjectName(.batch, "b")!
    var claim = try one.claim(name).wait()
    #expect(claim?.isHeld == true)
    for store in [one, other] { #expect(try store.claim(name).wait() == nil) }
    // A claim is for one name, and nothing else needs it.
    let another = try #require(try other.claim(ObjectName(.batch, "c")!).wait())
    #expect(try other.claim(ObjectName(.file, "b")!).wait() != nil)
    try other.set(name, [1])
    claim = nil
    #expect(try eventually { try other.claim(name).wait() != nil })
    #expect(another.isHeld)
  }

  @Test(arguments: ObjectBackendKind.allCases) func `of many that want a claim, one gets it`(kind: ObjectBackendKind) throws {
    let backend = try backends.make(kind)
    let stores = try (0..<4).map { _ in try backend.open() }
    let claims = Mutex<[any ObjectClaim]>([])
    inParallel(4) { thread in
      if let claim = try? stores[thread].claim(ObjectName(.batch, "b")!).wait() { claims.withLock { $0.append(claim) } }
    }
    #expect(claims.withLock { $0.count } == 1)
  }
}
