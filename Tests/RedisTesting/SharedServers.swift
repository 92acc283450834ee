package import Redis

/// Servers that live as long as the test process, for tests that leave them as they are. Each test has keys with a prefix of its own.
package enum SharedServers {
  private static let standalone = Result { try StandaloneServer() }
  private static let cluster = Result { try RedisCluster() }

  /// A client of one server, with as much time as a busy machine may take.
  package static func client() throws -> RedisClient { try standalone.get().client(options) }

  package static func clusterClient() throws -> RedisClient { try cluster.get().client(options) }

  package static func uniquePrefix() -> String { "test-\(UInt64.random(in: 0 ... .max)):" }

  private static let options = RedisOptions(timeout: .seconds(10))
}
