extension RedisURL {
  /// Parses one of the forms of ``RedisURL``.
  package init(parsing text: String) throws(RedisURLError) {
    let (head, tail) = Self.split(text[...], at: ":")
    guard let tail, tail.hasPrefix("//") else {
      throw RedisURLError("it has no scheme: expected a URL such as redis://127.0.0.1:6379")
    }
    let scheme = head.lowercased()
    let (rest, query) = Self.split(tail.dropFirst(2), at: "?")
    switch scheme {
    case "redis", "redis+cluster", "redis+sentinel":
      guard query == nil else { throw RedisURLError("parameters after ? are only for unix:// (the database is the last part of the path)") }
      try self.init(network: rest, scheme)
    case "unix", "redis+unix": try self.init(path: rest, query)
    case "rediss", "redis+tls":
      throw RedisURLError("\(scheme):// is not supported, because this program has no TLS to Redis: use a tunnel, or a unix socket")
    default: throw RedisURLError("unknown scheme \(scheme.debugDescription): expected redis, redis+cluster, redis+sentinel or unix")
    }
  }

  private init(network rest: Substring, _ scheme: String) throws(RedisURLError) {
    let (authority, path) = Self.split(rest, at: "/")
    let (user, password, hosts) = try Self.credentials(authority)
    let parts = (path ?? "").split(separator: "/", omittingEmptySubsequences: false).map { $0 }
    let port: UInt16 = scheme == "redis+sentinel" ? 26_379 : 6379
    let endpoints = try Self.endpoints(hosts, port)
    if scheme == "redis+sentinel" {
      guard let name = parts.first, !name.isEmpty, parts.count <= 2 else {
        throw RedisURLError("the path must be the name by which Sentinel knows the primary, and may have a database: /mymaster/0")
      }
      let database = try Self.database(parts.dropFirst().first ?? "")
      self.init(.sentinel(name: try Self.decoded(name, "name"), endpoints), user: user, password: password, database: database)
      return
    }
    guard parts.count <= 1 else { throw RedisURLError("the path has several parts: expected a database, such as /0") }
    let database = try Self.database(parts.first ?? "")
    let isCluster = scheme == "redis+cluster" || endpoints.count > 1
    guard !isCluster || database == 0 else { throw RedisURLError("a Cluster has no database but 0, not \(database)") }
    self.init(isCluster ? .cluster(endpoints) : .single(endpoints[0]), user: user, password: password, database: database)
  }

  private init(path rest: Substring, _ query: Substring?) throws(RedisURLError) {
    let (user, password, raw) = try Self.credentials(rest)
    let path = try Self.decoded(raw, "path")
    guard path.hasPrefix("/") else { throw RedisURLError("the path of a unix socket must be absolute: unix:///run/redis/redis.sock") }
    // sockaddr_un has room for 107 bytes and a null.
    guard path.utf8.count <= 107, !path.utf8.contains(0) else { throw RedisURLError("the path of the unix socket has more than 107 bytes") }
    var database = 0
    for parameter in (query ?? "").split(separator: "&") {
      guard parameter.hasPrefix("db=") else { throw RedisURLError("a parameter after ? is unknown: expected db") }
      database = try Self.database(parameter.dropFirst(3))
    }
    self.init(.single(.unix(path: path)), user: user, password: password, database: database)
  }

  /// `user:password@rest`. The last @ counts, because passwords are often not encoded.
  private static func credentials(_ text: Substring) throws(RedisURLError) -> (user: String?, password: String?, rest: Substring) {
    guard let at = text.lastIndex(of: "@") else { return (nil, nil, text) }
    let (user, password) = split(text[..<at], at: ":")
    guard let password else { throw RedisURLError("before the @ there is no password: expected user:password@ or :password@") }
    let name = try decoded(user, "user")
    return (name.isEmpty ? nil : name, try decoded(password, "password"), text[text.index(after: at)...])
  }

  private static func endpoints(_ list: Substring, _ standard: UInt16) throws(RedisURLError) -> [RedisEndpoint] {
    var endpoints: [RedisEndpoint] = []
    for text in list.split(separator: ",", omittingEmptySubsequences: false) { endpoints.append(try endpoint(text, standard)) }
    guard endpoints.count <= 100 else { throw RedisURLError("\(endpoints.count) hosts: expected at most 100") }
    return endpoints
  }

  private static func endpoint(_ text: Substring, _ standard: UInt16) throws(RedisURLError) -> RedisEndpoint {
    var (host, port): (Substring, Substring?)
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { throw RedisURLError("an IPv6 address has no closing bracket") }
      host = text[..<close].dropFirst()
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw RedisURLError("after the bracket of an IPv6 address, only a port may follow") }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      (host, port) = split(text, at: ":")
    }
    guard !host.isEmpty, !host.contains("/"), host.utf8.count <= 255, !host.utf8.contains(0) else {
      throw RedisURLError("a host is empty or invalid: expected host:port, and commas between several")
    }
    guard let port else { return .tcp(host: "\(host)", port: standard) }
    guard let number = UInt16(port), number > 0 else {
      throw RedisURLError("a port is not a number from 1 to 65535")
    }
    return .tcp(host: "\(host)", port: number)
  }

  private static func database(_ text: Substring) throws(RedisURLError) -> Int {
    if text.isEmpty { return 0 }
    guard let number = UInt16(text) else {
      throw RedisURLError("the database after the host is not a number from 0 to 65535 (a / in a password is written %2F)")
    }
    return Int(number)
  }

  private static func decoded(_ text: Substring, _ part: String) throws(RedisURLError) -> String {
    var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], text.utf8)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else {
        throw RedisURLError("the \(part) has a % without two hexadecimal digits after it: a % itself is written %25")
      }
      bytes.append(value)
      rest.removeFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw RedisURLError("the \(part) is not valid UTF-8") }
    return text
  }

  private static func split(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
    guard let place = text.firstIndex(of: separator) else { return (text, nil) }
    return (text[..<place], text[text.index(after: place)...])
  }
}
