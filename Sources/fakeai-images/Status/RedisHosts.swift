import JSON
import Redis
import Simulation

/// The hosts that share one Redis, as it knows them.
enum RedisHosts: Equatable {
  case named([String])
  /// With the reason.
  case unknown(String)

  /// Asks Redis, if the settings name one.
  init?(_ settings: Settings) {
    guard let url = settings.redisURL?.url else { return nil }
    do {
      let client = try RedisClient(url, options: RedisOptions(timeout: settings.redisTimeout))
      self = .named(try RedisRules.hosts(client, prefix: settings.redisPrefix))
    } catch {
      self = .unknown("\(error)")
    }
  }

  /// In one line, for people.
  var text: String {
    switch self {
    case .named(let names): "HOSTS  \(names.isEmpty ? "none is running" : names.joined(separator: ", "))"
    case .unknown(let reason): "HOSTS  unknown: \(reason)"
    }
  }

  var json: JSONText {
    switch self {
    case .named(let names): .array(names.map { .object([("name", .string($0))]) })
    case .unknown(let reason): .object([("error", .string(reason))])
    }
  }
}
