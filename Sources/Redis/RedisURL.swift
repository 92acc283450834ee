/// Where Redis is, and as whom to use it. Its description leaves the password out.
///
/// | form | meaning |
/// | --- | --- |
/// | `redis://[user:password@]host[:port][/db]` | one server; a Cluster if the server says so |
/// | `redis://host:port,host:port` | a Cluster of which these are some nodes, as `redis+cluster://` |
/// | `redis+sentinel://host[:port],…/name[/db]` | the primary that Sentinels name |
/// | `unix:///path[?db=1]`, `redis+unix://…` | one server on this machine |
///
/// User, password, path and name are percent-decoded. An IPv6 address is in brackets.
package struct RedisURL: Sendable, Equatable {
  package enum Topology: Sendable, Equatable {
    case single(RedisEndpoint)
    case cluster([RedisEndpoint])
    case sentinel(name: String, [RedisEndpoint])
  }

  package var topology: Topology
  package var user: String?
  package var password: String?
  package var database: Int

  package init(_ topology: Topology, user: String? = nil, password: String? = nil, database: Int = 0) {
    (self.topology, self.user, self.password, self.database) = (topology, user, password, database)
  }
}

/// An address of a server.
package enum RedisEndpoint: Sendable, Hashable {
  /// - Parameter host: a name, or an address without brackets.
  case tcp(host: String, port: UInt16)
  case unix(path: String)
}

extension RedisEndpoint: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): path
    }
  }
}

extension RedisURL: CustomStringConvertible {
  package var description: String {
    let access = user != nil || password != nil ? "\(user ?? ""):***@" : ""
    func list(_ endpoints: [RedisEndpoint]) -> String { access + endpoints.map(\.description).joined(separator: ",") }
    let path = database == 0 ? "" : "/\(database)"
    return switch topology {
    case .single(.unix(let file)): "unix://\(access)\(file)" + (database == 0 ? "" : "?db=\(database)")
    case .single(let endpoint): "redis://\(list([endpoint]))\(path)"
    case .cluster(let endpoints): "redis+cluster://\(list(endpoints))"
    case .sentinel(let name, let endpoints): "redis+sentinel://\(list(endpoints))/\(name)\(path)"
    }
  }
}

/// What is wrong with a URL, in one line without the password.
package struct RedisURLError: Error, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
