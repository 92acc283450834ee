import ImageStore
import Redis
import RedisTesting
import RingTesting
import SystemCalls
import Testing

@Suite struct RedisStoreTests {
  private let time = TestClock()

  /// A host with shared memory of its own.
  private struct Host {
    let store: RedisStore
    private let place = TemporaryStore()

    init(_ server: StandaloneServer, _ time: TestClock, replicas: Int = 0, _ options: RedisOptions = .patient) throws {
      let local = try SharedMemoryStore(name: place.name, size: 256 << 10, retention: .seconds(3600), clock: time.clock)
      let client = try server.client(options)
      store = RedisStore(local: local, client: client, prefix: "p:", replicas: replicas, clock: time.clock)
    }
  }

  @Test func `an image that its host has evicted comes from Redis`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time)
    let ids = try (0..<40).map { try host.store.insert([UInt8](repeating: $0, count: 50_000)) }
    #expect(host.store.statistics.evicted > 0)
    for (number, id) in ids.enumerated() { #expect(try host.store.stored(id)?.bytes == [UInt8](repeating: UInt8(number), count: 50_000)) }
  }

  @Test func `Redis forgets an image when it expires`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time)
    let id = try host.store.insert([1, 2, 3])
    let life = try #require(try server.client().call(RedisCommand("PTTL", ["p:image:{\(id)}"])).integer)
    #expect((3_500_000...3_600_000).contains(life))
  }

  @Test func `without Redis, images of this host are served, and new ones are refused`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time, RedisOptions(timeout: .seconds(1)))
    let id = try host.store.insert([1, 2, 3])
    server.process.kill()
    #expect(try host.store.stored(id)?.bytes == [1, 2, 3])
    let error = #expect(throws: StoreError.self) { try host.store.insert([4]) }
    guard case .unavailable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: StoreError.self) { try host.store.stored(ImageID(high: 1, low: 1)) }
    #expect(eventually { if case .unavailable = host.store.health { true } else { false } })
    try server.process.start()
    #expect(eventually { host.store.health == .ready })
    #expect(throws: Never.self) { try host.store.insert([4]) }
  }

  @Test func `a Redis that is full and may evict nothing has no room`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time)
    _ = try server.client().call(RedisCommand("CONFIG", ["SET", "maxmemory", "1"]))
    let error = #expect(throws: StoreError.self) { try host.store.insert([UInt8](repeating: 1, count: 100_000)) }
    guard case .noSpace = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an image that no replica has is not acknowledged`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time, replicas: 1)
    let error = #expect(throws: StoreError.self) { try host.store.insert([1]) }
    #expect("\(String(describing: error))".contains("0 of 1 replicas"))
    let replica = try StandaloneServer(["--replicaof", "127.0.0.1", "\(server.port)"])
    #expect(eventually { (try? host.store.insert([1])) != nil })
    withExtendedLifetime(replica) {}
  }

  @Test func `a value that is not an image is an error`() throws {
    let server = try StandaloneServer()
    let host = try Host(server, time)
    let id = ImageID(high: 1, low: 2)
    let client = try server.client()
    for value in ["", "x", String(repeating: "x", count: 1000)] {
      _ = try client.call(RedisCommand("SET", ["p:image:{\(id)}", RedisArgument(value)]))
      #expect(throws: StoreError.self) { try host.store.stored(id) }
    }
  }

  @Test func `Redis without memory is an error that says so`() throws {
    let server = try StandaloneServer(["--maxmemory", "1"])
    let host = try Host(server, time)
    let error = #expect(throws: StoreError.self) { try host.store.insert([UInt8](repeating: 1, count: 100_000)) }
    #expect("\(String(describing: error))".contains("OOM"))
  }
}
