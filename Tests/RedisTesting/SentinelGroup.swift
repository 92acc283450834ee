package import Redis

/// A primary with two replicas, and three Sentinels that replace it a second after it stops answering.
package final class SentinelGroup: Sendable {
  package let servers: [StandaloneServer]
  package let sentinelPorts: [UInt16]
  private let sentinels: [ServerProcess]
  private let folders: [TemporaryFolder]

  package init() throws {
    let first = try StandaloneServer()
    servers = try [first] + (0..<2).map { _ in try StandaloneServer(["--replicaof", "127.0.0.1", "\(first.port)"]) }
    let ports = (0..<3).map { _ in Ports.free() }
    let folders = ports.map { _ in TemporaryFolder() }
    (sentinelPorts, self.folders) = (ports, folders)
    sentinels = try zip(ports, folders).map { port, folder in
      let lines = [
        "port \(port)", "bind 127.0.0.1", "dir \(folder.path)", "sentinel monitor mymaster 127.0.0.1 \(first.port) 2",
        "sentinel down-after-milliseconds mymaster 1000", "sentinel failover-timeout mymaster 10000",
      ]
      try folder.write(lines.joined(separator: "\n") + "\n", to: "s.conf")
      return try ServerProcess(["\(folder.path)/s.conf", "--sentinel"])
    }
    // Each must know the other two Sentinels and both replicas, before it can replace anybody.
    let areReady = eventually {
      ports.allSatisfy { Tool.output($0, ["INFO", "sentinel"]).contains("slaves=2,sentinels=3") }
        && Tool.output(first.port, ["INFO", "replication"]).ranges(of: "state=online").count == 2
    }
    guard areReady else { throw NotReady(state: .unavailable("the Sentinels are not complete")) }
  }

  package var url: RedisURL { RedisURL(.sentinel(name: "mymaster", sentinelPorts.map { .tcp(host: "127.0.0.1", port: $0) })) }
}
