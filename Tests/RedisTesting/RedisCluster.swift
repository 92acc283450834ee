import Glibc
package import Redis

/// A Cluster of three primaries with a replica each, on ports of its own, whose servers give each other up after 2 s.
package final class RedisCluster: Sendable {
  package let ports: [UInt16]
  package let processes: [ServerProcess]
  private let folders: [TemporaryFolder]

  package init(_ options: [String] = []) throws {
    let (ports, folders) = ((0..<6).map { _ in Ports.free() }, (0..<6).map { _ in TemporaryFolder() })
    (self.ports, self.folders) = (ports, folders)
    processes = try zip(ports, folders).map { port, folder in
      try ServerProcess(
        [
          "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--appendonly", "no", "--loglevel", "warning",
          "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000",
        ] + options)
    }
    for port in ports { guard eventually({ Tool.cli(port, ["PING"]) }) else { throw NotReady(state: .unavailable("\(port) is silent")) } }
    let addresses = ports.map { "127.0.0.1:\($0)" }
    guard Tool.run(Tool.client, ["--cluster", "create"] + addresses + ["--cluster-replicas", "1", "--cluster-yes"]) else {
      throw NotReady(state: .unavailable("the Cluster could not be made"))
    }
    guard eventually({ ports.allSatisfy(Self.isComplete) }) else { throw NotReady(state: .unavailable("the Cluster is not complete")) }
  }

  /// Whether a server finds the Cluster in order, and is connected to its replica or its primary.
  private static func isComplete(_ port: UInt16) -> Bool {
    let facts = Tool.output(port, ["CLUSTER", "INFO"]) + Tool.output(port, ["INFO", "replication"])
    return facts.contains("cluster_state:ok") && (facts.contains("state=online") || facts.contains("master_link_status:up"))
  }

  package var url: RedisURL { RedisURL(.cluster(ports.prefix(2).map { .tcp(host: "127.0.0.1", port: $0) })) }

  package func client(_ options: RedisOptions = .patient) throws -> RedisClient { try ready(RedisClient(url, options: options)) }

  /// The process that serves a port.
  package func process(at endpoint: RedisEndpoint) -> ServerProcess? {
    guard case .tcp(_, let port) = endpoint else { return nil }
    return ports.firstIndex(of: port).map { processes[$0] }
  }
}
