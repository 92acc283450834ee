import Glibc
import Redis
import SystemPackage

extension Settings {
  /// The client of Redis that all parts of a process share; nil if nothing is in Redis.
  func redisClient() throws(CommandFailure) -> RedisClient? {
    guard let url = try checkedRedisURL() else { return nil }
    return try orFail("cannot start the client of Redis") { () throws(Errno) in
      try RedisClient(url, options: RedisOptions(timeout: redisTimeout))
    }
  }

  /// Checks that the settings of Redis fit together.
  ///
  /// - Returns: the address of Redis; nil if nothing is in Redis.
  @discardableResult
  func checkedRedisURL() throws(CommandFailure) -> RedisURL? {
    guard imageStorageBackend == .redis else {
      guard let redisURL else { return nil }
      throw .usage(
        "FAKEAI_REDIS_URL is \(redisURL.url), but images are stored \(imageStorageBackend == .disk ? "on disk" : "in memory"): set "
          + "FAKEAI_IMAGE_STORAGE_BACKEND=redis, or remove the URL")
    }
    guard let redisURL else {
      throw .usage("FAKEAI_REDIS_URL is not set: images in Redis (FAKEAI_IMAGE_STORAGE_BACKEND=redis) need its address")
    }
    guard imageStoreFull == .evict else {
      throw .usage(
        "FAKEAI_IMAGE_STORE_FULL is refuse, which needs a store on one machine: with Redis, its own settings maxmemory and "
          + "maxmemory-policy decide what happens when it is full")
    }
    return redisURL.url
  }

  /// This host's name among those that share Redis.
  var hostNameInUse: String { hostName ?? Self.machineName }

  private static var machineName: String {
    var name = [CChar](repeating: 0, count: 65)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A URL of Redis as it was given, with the password.
struct RedisAddress: Sendable, Equatable {
  let text: String
  let url: RedisURL

  init(_ text: String) throws(RedisURLError) { (self.text, url) = (text, try RedisURL(parsing: text)) }
}

extension SettingSyntax where Value == RedisAddress {
  static var redisURL: Self {
    Self(
      placeholder: "url",
      allowed: "redis://[user:password@]host[:port][/db], redis://host:port,host:port for a Cluster, "
        + "redis+sentinel://host[:port],host[:port]/name[/db], or unix:///path[?db=1]",
      parse: { try? RedisAddress($0) },
      text: \.text,
      problem: { text in
        do throws(RedisURLError) { _ = try RedisAddress(text) } catch { return "is not usable: \(error)" }
        return "is not usable"
      })
  }
}

extension UInt8 {
  /// Whether this is an ASCII letter.
  fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

extension SettingSyntax where Value == String {
  /// Braces would choose the slot of a Cluster.
  static var keyPrefix: Self { limited(to: 64, ":._-", allowed: "1 to 64 letters, digits, :, ., _ and -") }

  static var hostName: Self { limited(to: 64, "._-", allowed: "1 to 64 letters, digits, ., _ and -") }

  private static func limited(to length: Int, _ marks: String, allowed: String) -> Self {
    Self(
      placeholder: "text",
      allowed: allowed,
      parse: { text in
        let isAllowed = text.utf8.allSatisfy { $0.isDigit || $0.isLetter || marks.utf8.contains($0) }
        return isAllowed && (1...length).contains(text.utf8.count) ? text : nil
      },
      text: { $0 })
  }
}
