import Answers
import Redis
import RedisTesting
import RingTesting
import SystemCalls
import Testing

@testable import ObjectStore

/// What only objects in Redis can do wrong.
@Suite(.timeLimit(.minutes(5))) struct RedisObjectStoreTests {
  private static let large = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  private static let capacity = ObjectCapacity(kept: 1 << 20, evicted: 1 << 20)
  /// Far away.
  private static let expires = WallClock.last

  /// A server of its own, and a client for looking at it.
  private struct Place {
    let server: StandaloneServer
    let client: RedisClient

    init(_ options: [String] = []) throws {
      server = try StandaloneServer(options)
      client = try server.client()
    }

    /// A store of another host.
    func open(
      _ options: RedisOptions = .patient, replicas: Int = 0, lease: Duration = .seconds(60), patience: Duration = .seconds(600)
    ) throws -> RedisObjectStore {
      RedisObjectStore(
        try server.client(options), prefix: "p:", capacity: RedisObjectStoreTests.capacity, replicas: replicas, lease: lease,
        patience: patience)
    }

    @discardableResult
    func ask(_ name: String, _ arguments: RedisArgument...) throws -> RedisReply { try client.call(RedisCommand(name, arguments)) }

    var keys: [String] { get throws { try (ask("KEYS", "*").array ?? []).compactMap(\.string).sorted() } }

    /// Bytes that are counted for a group.
    func bytes(_ group: String = "kept") throws -> Int64 { try ask("HGET", "p:{objects}:heads:\(group)", "bytes").integer ?? 0 }
  }

  // MARK: - Outages

  @Test func `without Redis nothing is stored or found, and all is there when it is back`() throws {
    let place = try Place()
    let store = try place.open(RedisOptions(timeout: .seconds(1)))
    try store.set(.file("f"), [1], expires: Self.expires)
    place.server.process.pause()
    func expectUnavailable(_ attempt: () throws -> Void) {
      let error = #expect(throws: ObjectStoreError.self, performing: attempt)
      guard case .unavailable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    expectUnavailable { _ = try store.get(.file("f")) }
    expectUnavailable { try store.set(.file("g"), Self.large, expires: Self.expires) }
    expectUnavailable { _ = try store.remove(.file("none")).wait() }
    expectUnavailable { _ = try store.list(.file) }
    expectUnavailable { _ = try store.claim(.file("f")).wait() }
    store.sweep()
    place.server.process.resume()
    #expect(eventually { (try? store.set(.file("g"), Self.large, expires: Self.expires)) != nil })
    #expect(try store.get(.file("g")) == Self.large)
  }

  @Test func `a Redis that has no memory left is an error that says so`() throws {
    let place = try Place()
    let store = try place.open()
    try store.set(.file("f"), [1], expires: Self.expires)
    try place.ask("CONFIG", "SET", "maxmemory", "100kb")
    for bytes in [[1], Self.large] {
      let error = #expect(throws: ObjectStoreError.self) { try store.set(.file("g"), bytes, expires: Self.expires) }
      guard case .noSpace(let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(reason.contains("OOM"))
    }
    // What makes room goes on.
    #expect(try store.get(.file("f")) == [1])
    #expect(try store.remove(.file("f")).wait())
  }

  @Test func `Redis never evicts what clients count on, and forgets other objects by itself`() throws {
    let place = try Place()
    let store = try place.open()
    let later = WallClock.system.now() + 3600 * WallClock.nanosecondsPerSecond
    for bytes in [[1], Self.large] {
      for kind in [ObjectKind.content, .response] {
        let name = ObjectName(kind, "f")!
        try store.set(name, bytes, expires: later)
        let version = String(try #require(try store.object(name).wait()).version.number, radix: 16)
        for key in ["p:{objects}:value:\(kind.rawValue):f"] + (bytes.count > 1 ? ["p:part:{\(version)}:0", "p:part:{\(version)}:2"] : []) {
          let life = try #require(try place.ask("PTTL", RedisArgument(key)).integer)
          #expect(kind == .content ? life == -1 : (3_500_000...3_600_000).contains(life), "\(key): \(life)")
        }
        #expect(try store.remove(name).wait())
      }
    }
  }

  @Test func `an object that no replica has is not acknowledged`() throws {
    let place = try Place()
    let store = try place.open(replicas: 1)
    for (id, bytes) in [("small", [1]), ("large", Self.large)] {
      let error = #expect(throws: ObjectStoreError.self) { try store.set(.file(id), bytes, expires: Self.expires) }
      #expect("\(String(describing: error))".contains("0 of 1 replicas"))
    }
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(place.server.port)"])
    #expect(eventually { (try? store.set(.file("g"), Self.large, expires: Self.expires)) != nil })
    #expect(Tool.output(replica.port, ["STRLEN", "p:{objects}:value:file:g"]).hasPrefix("40"))
  }

  @Test func `objects that a replica has survive the death of a primary of a Cluster`() throws {
    let cluster = try RedisCluster()
    let store = RedisObjectStore(try cluster.client(), prefix: "p:", capacity: Self.capacity, replicas: 1)
    for number in 0..<10 { try store.set(.file("f\(number)"), [UInt8(number)], expires: Self.expires) }
    try store.set(.file("large"), Self.large, expires: Self.expires)
    // A server that has not the slot does not take the key.
    let owner = try #require(cluster.ports.firstIndex { Tool.output($0, ["SET", "{objects}", "1"]).hasPrefix("OK") })
    cluster.processes[owner].kill()
    #expect(eventually { (try? store.list(.file).count) == 11 })
    for number in 0..<10 { #expect(try store.get(.file("f\(number)")) == [UInt8(number)]) }
    #expect(try store.get(.file("large")) == Self.large)
  }

  // MARK: - What is left

  @Test func `nothing is left of objects that are gone`() throws {
    let place = try Place()
    let store = try place.open()
    let first = try #require(try store.set(.file("f"), Self.large, expires: Self.expires))
    // Refused for its condition, and for its size; then replaced by a small one.
    #expect(try store.set(.file("f"), Self.large, expires: Self.expires) == nil)
    #expect(throws: ObjectStoreError.full(.file, capacity: 1 << 20)) { try store.set(.file("g"), Self.large, expires: Self.expires) }
    let second = try #require(try store.set(.file("f"), [1], expires: Self.expires, if: .version(first)))
    #expect(try eventually { try !place.keys.contains { $0.hasPrefix("p:part:") } })
    #expect(try store.set(.file("f"), Self.large, expires: Self.expires, if: .version(second)) != nil)
    try store.set(.response("r"), Self.large, expires: Self.expires)
    // Evicts the first.
    try store.set(.response("s"), Self.large, expires: Self.expires)
    #expect(try store.list(.response) == ["s"])
    for name in [ObjectName.file("f"), .response("s")] { #expect(try store.remove(name).wait()) }
    let counts = ["p:{objects}:heads:evicted", "p:{objects}:heads:kept"]
    #expect(try eventually { try place.keys == counts })
    for key in counts { #expect(try place.ask("HGETALL", RedisArgument(key)) == .array([.bytes(Array("bytes".utf8)), .bytes([48])])) }
  }

  @Test func `parts whose writer has died are removed, but not those that are being written`() throws {
    let place = try Place()
    let now = WallClock.system.now() / 1_000_000
    for (version, time) in [("dead", now - 1), ("beef", now + 600_000)] {
      for number in 0..<2 { try place.ask("SET", "p:part:{\(version)}:\(number)", "x") }
      try place.ask("ZADD", "p:{objects}:parts", RedisArgument(time), "\(version) 2")
    }
    try place.open().sweep()
    #expect(try place.keys == ["p:part:{beef}:0", "p:part:{beef}:1", "p:{objects}:parts"])
  }

  @Test func `an object is not stored if somebody may be removing its parts`() throws {
    let place = try Place()
    let store = try place.open(patience: .zero)
    let error = #expect(throws: ObjectStoreError.self) { try store.set(.file("f"), Self.large, expires: Self.expires) }
    #expect("\(String(describing: error))".contains("took longer"))
    #expect(try store.get(.file("f")) == nil && place.bytes() == 0)
    #expect(try eventually { try place.keys.isEmpty })
  }

  @Test func `an object that has lost a part is gone, and its room is free`() throws {
    let place = try Place()
    let store = try place.open()
    for damage in ["missing", "spoilt", "longer"] {
      let version = try #require(try store.set(.file("f"), Self.large, expires: Self.expires))
      let part = RedisArgument("p:part:{\(String(version.number, radix: 16))}:1")
      switch damage {
      case "missing": try place.ask("DEL", part)
      case "spoilt": try place.ask("SETRANGE", part, 100, "spoilt")
      default: try place.ask("APPEND", part, "longer")
      }
      #expect(try store.get(.file("f")) == nil, "\(damage)")
      #expect(try store.list(.file).isEmpty && place.bytes() == 0, "\(damage)")
    }
  }

  @Test func `an object that Redis has evicted by itself is gone, and its name is free`() throws {
    let place = try Place()
    let store = try place.open()
    let version = try #require(try store.set(.response("r"), [1], expires: Self.expires))
    try place.ask("DEL", "p:{objects}:value:response:r")
    #expect(try store.get(.response("r")) == nil)
    #expect(try store.set(.response("r"), [2], expires: Self.expires, if: .version(version)) == nil)
    #expect(try store.set(.response("r"), [3], expires: Self.expires) != nil)
    #expect(try store.get(.response("r")) == [3] && place.bytes("evicted") == 4096)
  }

  // MARK: - Repetitions and counts

  @Test func `a change that is repeated because its outcome was unknown happens once`() throws {
    let place = try Place()
    let store = try place.open()
    let first = try #require(try store.set(.file("f"), [1], expires: Self.expires))
    for condition in [ObjectCondition.version(first), .absent] {
      let name = ObjectName.file(condition == .absent ? "g" : "f")
      let draft = RedisDraft(name, [2], expires: Self.expires, where: condition)
      let arguments = draft.arguments(step: "store", capacity: 1 << 20, patience: .seconds(60), sendsValue: true)
      for _ in 0..<2 {
        let reply = try store.run(RedisObjectScripts.put, name, arguments, isIdempotent: true).wait()
        #expect(reply.string?.hasPrefix("stored") == true)
      }
      #expect(try store.object(name).wait()?.version == draft.header.version)
    }
    #expect(try place.bytes() == 8192 && store.list(.file) == ["f", "g"])
  }

  @Test func `after many changes by many hosts, the count is that of the objects`() throws {
    let place = try Place()
    let stores = try (0..<4).map { _ in try place.open() }
    inParallel(4) { thread in
      var random = SeededGenerator(seed: UInt64(thread))
      for _ in 0..<150 {
        let name = ObjectName(Bool.random(using: &random) ? .file : .response, "f\(Int.random(in: 0..<12, using: &random))")!
        let bytes = [UInt8](repeating: 1, count: [10, 5000, 100_000, 300_000].randomElement(using: &random)!)
        let store = stores[thread]
        do throws(ObjectStoreError) {
          switch Int.random(in: 0..<4, using: &random) {
          case 0: _ = try store.remove(name).wait()
          case 1: _ = try store.get(name)
          default:
            let condition = try store.object(name).wait().map { ObjectCondition.version($0.version) } ?? .absent
            try store.set(name, bytes, expires: Self.expires, if: condition)
          }
        } catch {
          guard case .full = error else {
            Issue.record("\(error)")
            return
          }
        }
      }
    }
    #expect(try eventually { try place.ask("EXISTS", "p:{objects}:parts").integer == 0 }, "parts are being removed")
    var parts = 0
    for (kind, group) in [(ObjectKind.file, "kept"), (.response, "evicted")] {
      let ids = try stores[0].list(kind)
      #expect(!ids.isEmpty)
      let lengths = try ids.map { try #require(try stores[0].get(ObjectName(kind, $0)!)).count }
      let sizes = lengths.map { ObjectCapacity.bytes(for: $0) }
      parts += 2 * lengths.count { $0 > RedisParts.size }
      #expect(try place.bytes(group) == Int64(sizes.reduce(0, +)) && place.bytes(group) <= 1 << 20)
      #expect(try place.ask("HLEN", "p:{objects}:heads:\(group)").integer == Int64(ids.count + 1))
      #expect(try place.ask("ZCARD", "p:{objects}:expiry:\(group)").integer == Int64(ids.count))
    }
    #expect(try place.keys.count { $0.hasPrefix("p:part:") } == parts)
  }

  @Test func `what is not an object is an error`() throws {
    let place = try Place()
    let store = try place.open()
    for value in ["", "x", String(repeating: "x", count: 1000)] {
      try place.ask("SET", "p:{objects}:value:file:f", RedisArgument(value))
      #expect(throws: ObjectStoreError.self) { try store.get(.file("f")) }
    }
    try place.ask("DEL", "p:{objects}:value:file:f")
    try place.ask("HSET", "p:{objects}:heads:kept", "file f", "something else")
    #expect(throws: ObjectStoreError.self) { try store.set(.file("f"), [1]) }
    try place.ask("SET", "p:{objects}:ids:batch", "x")
    #expect(throws: ObjectStoreError.self) { try store.list(.batch) }
  }
}
