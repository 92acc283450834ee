package import Redis

/// One redis-server of its own, with a password if wanted, on a port and on a unix socket.
package final class StandaloneServer: Sendable {
  package let port = Ports.free()
  package let process: ServerProcess
  private let folder = TemporaryFolder()

  /// - Parameter options: as on redis-server's command line.
  package init(_ options: [String] = []) throws {
    process = try ServerProcess(
      [
        "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", "\(folder.path)/s.sock", "--dir", folder.path, "--save", "",
        "--appendonly", "no", "--loglevel", "warning",
      ] + options)
  }

  package var socketPath: String { "\(folder.path)/s.sock" }
  package var endpoint: RedisEndpoint { .tcp(host: "127.0.0.1", port: port) }
  package var url: RedisURL { RedisURL(.single(endpoint)) }

  /// A client that has found the server ready.
  package func client(_ options: RedisOptions = .patient) throws -> RedisClient { try ready(RedisClient(url, options: options)) }
}

extension RedisOptions {
  /// For tests that are not about time: no command takes that long on the busiest machine.
  package static var patient: RedisOptions { RedisOptions(timeout: .seconds(10)) }
}

/// Waits until a client is ready.
package func ready(_ client: RedisClient, seconds: Int = 20) throws -> RedisClient {
  guard eventually(seconds: seconds, { client.state == .ready }) else { throw NotReady(state: client.state) }
  return client
}

package struct NotReady: Error {
  package let state: RedisState
}
