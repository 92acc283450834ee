// The objects of all hosts in Redis. What must agree is in one slot of a Cluster, so that a script changes all of it at once:
//
//   <prefix>{objects}:value:<kind>:<id>    the object as `ObjectHeader` describes it; the header alone if the content is in parts
//   <prefix>{objects}:heads:<group>        hash: name → version, expiry, bytes and parts of the object; "bytes" → those of the whole group
//   <prefix>{objects}:expiry:<group>       sorted set: name by the time at which the object expires
//   <prefix>{objects}:ids:<kind>           sorted set of the IDs, all with the score 0, which are therefore in the order of their bytes
//   <prefix>{objects}:parts                sorted set: version and number of parts that no object has, by the time from which anybody may remove them
//
//   <prefix>part:{<version>}:<number>      a part of 256 KiB, the last one less
//   <prefix>claim:{<kind>.<id>}            token of the process that has the right, for some seconds
//
// A name is a kind, a space and an ID. Times are milliseconds since 1970. An object is there if it has a head that has not expired, and a value.
//
// Parts are written before the script that stores their object, and removed after the script that removes or replaces it. Meanwhile `parts` lists
// them, so that the next `sweep` finds what a process has left that died between two of these steps. A script that stores an object takes its
// parts from that list, and refuses to if somebody may be removing them.

/// The names of what the store keeps in Redis.
struct RedisObjectKeys: Sendable {
  let prefix: String

  func heads(_ group: ObjectGroup) -> String { "\(prefix){objects}:heads:\(group.word)" }
  func expiry(_ group: ObjectGroup) -> String { "\(prefix){objects}:expiry:\(group.word)" }
  func ids(_ kind: ObjectKind) -> String { "\(prefix){objects}:ids:\(kind.rawValue)" }
  func value(_ name: ObjectName) -> String { "\(prefix){objects}:value:\(name.kind.rawValue):\(name.id)" }
  var parts: String { "\(prefix){objects}:parts" }
  func part(_ number: Int, of parts: RedisParts) -> String { "\(prefix)part:{\(parts.version)}:\(number)" }
  func claim(_ name: ObjectName) -> String { "\(prefix)claim:{\(name.kind.rawValue).\(name.id)}" }

  /// Those that change with an object, as the scripts expect them.
  func all(_ name: ObjectName) -> [String] {
    let group = ObjectGroup(name.kind)
    return [heads(group), expiry(group), ids(name.kind), value(name), parts]
  }
}

extension ObjectName {
  /// As an element of a hash or a set.
  var redisName: String { "\(kind.rawValue) \(id)" }

  /// - Returns: nil if the text is not the name of an object.
  init?(redisName text: String) {
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2, let kind = ObjectKind(rawValue: String(words[0])) else { return nil }
    self.init(kind, words[1])
  }
}

extension ObjectGroup {
  fileprivate var word: String {
    switch self {
    case .kept: "kept"
    case .evicted: "evicted"
    }
  }
}
