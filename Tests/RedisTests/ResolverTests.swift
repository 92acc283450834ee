import RedisTesting
import Synchronization
import Testing
@testable import Redis

@Suite struct ResolverTests {
  private let endpoint = RedisEndpoint.tcp(host: "redis.example", port: 6379)

  private final class LookUps: Sendable { let count = Mutex(0) }

  /// A loop that only resolves names, and counts the look-ups.
  private func loop(_ lookUps: LookUps) throws -> ClientLoop {
    ClientLoop(try RedisURL(parsing: "redis://redis.example:6379"), RedisOptions(), try Mailbox(), try Epoll()) { _, _ in
      lookUps.count.withLock { $0 += 1 }
      return .success([SocketAddress(unixPath: "/somewhere")])
    }
  }

  /// Resolves the name, doing what the loop's thread would do.
  private func resolve(_ loop: ClientLoop) -> Bool {
    var isResolved = false
    loop.resolver.resolve(endpoint) { result in if case .success = result { isResolved = true } }
    return eventually {
      for case .action(let action) in loop.mailbox.takeAll() { action(loop) }
      return isResolved
    }
  }

  @Test func `a second connection to a server does not wait for the name server`() throws {
    let lookUps = LookUps()
    let loop = try loop(lookUps)
    #expect(resolve(loop))
    var isResolved = false
    loop.resolver.resolve(endpoint) { _ in isResolved = true }
    #expect(isResolved, "it was looked up again")
    #expect(lookUps.count.withLock { $0 } == 1)
  }

  @Test func `a name is looked up again after a connection has failed`() throws {
    let lookUps = LookUps()
    let loop = try loop(lookUps)
    #expect(resolve(loop))
    loop.resolver.forget(endpoint)
    #expect(resolve(loop))
    #expect(lookUps.count.withLock { $0 } == 2)
  }
}
