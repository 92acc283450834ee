package import JSON
import Spelling

// The file named by `FAKEAI_KEYS`: a list of keys. All members except `key` are optional.
//
//   [{"key": "sk-team-1", "state": "ok", "requests_per_minute": 500, "images_per_minute": 50},
//    {"key": "sk-team-2", "tier": 1},
//    {"key": "sk-broke", "state": "quota"},
//    {"key": "sk-strict", "profile": "openai"},
//    {"key": "sk-checkout-tests", "session": "checkout"}]

extension Keyring {
  /// Parses a file of keys.
  /// - Parameter profiles: the names that the member `profile` may have.
  /// - Throws: the first error in the file.
  package init(file bytes: [UInt8], profiles: [String] = []) throws(KeyFileError) {
    guard bytes.count <= Self.largestFile else { throw .tooLarge(bytes: bytes.count, limit: Self.largestFile) }
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue(parsing: bytes) } catch { throw .syntax(error) }
    guard case .array(let entries) = json else { throw .notAList }
    guard entries.count <= Self.mostKeys else { throw .tooManyKeys(count: entries.count, limit: Self.mostKeys) }
    var accounts: [String: Account] = [:]
    for (offset, entry) in entries.enumerated() {
      let (key, account) = try Self.account(entry, index: offset + 1, profiles)
      guard accounts.updateValue(account, forKey: key) == nil else {
        throw .wrong(index: offset + 1, problem: "'key' is already in the list", allowed: "each key once")
      }
    }
    self.init(accounts: accounts)
  }

  /// Maximum size in bytes. A thousand keys take about a tenth of it.
  package static let largestFile = 1 << 20
  static let mostKeys = 1000
  /// Units per minute. A higher limit has no effect on this server.
  package static let perMinute = 1...1_000_000

  private static let members = ["key", "state", "requests_per_minute", "images_per_minute", "tier", "profile", "session"]

  private static func account(
    _ entry: JSONValue, index: Int, _ profiles: [String]
  ) throws(KeyFileError) -> (key: String, Account) {
    let values = try values(of: entry, index)
    let key = try key(values["key"], index)
    var account = Account(state: try state(values["state"], index), limits: try limits(values, index), bucket: key)
    account.profile = try profile(values["profile"], index, profiles)
    account.session = try session(values["session"], index)
    return (key, account)
  }

  private static func values(of entry: JSONValue, _ index: Int) throws(KeyFileError) -> [String: JSONValue] {
    guard case .object(let object) = entry else {
      throw .wrong(index: index, problem: "it is \(entry.kind), not an object", allowed: #"{"key": "…", …}"#)
    }
    var values: [String: JSONValue] = [:]
    for member in object.members {
      let name = member.name.text
      guard members.contains(name) else {
        let suggestion = members.suggestion(for: name)
        throw .wrong(index: index, problem: "'\(name)' is not a member of a key\(suggestion)", allowed: members.joined(separator: ", "))
      }
      guard values.updateValue(member.value, forKey: name) == nil else {
        throw .wrong(index: index, problem: "'\(name)' occurs twice", allowed: "each member once")
      }
    }
    return values
  }

  private static func key(_ value: JSONValue?, _ index: Int) throws(KeyFileError) -> String {
    guard case .string(let key) = value, (1...256).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      // The value is not shown, because it may be a key all the same.
      let problem = value == nil ? "'key' is missing" : "'key' is not allowed"
      throw .wrong(index: index, problem: problem, allowed: "1 to 256 printable ASCII characters without spaces")
    }
    return key.text
  }

  private static func state(_ value: JSONValue?, _ index: Int) throws(KeyFileError) -> KeyState {
    guard let value else { return .ok }
    guard case .string(let name) = value, let state = KeyState(rawValue: name.text) else {
      throw .unknown(value, in: "state", index, among: KeyState.allCases.map(\.rawValue))
    }
    return state
  }

  private static func profile(_ value: JSONValue?, _ index: Int, _ profiles: [String]) throws(KeyFileError) -> String? {
    guard let value else { return nil }
    guard case .string(let name) = value, profiles.contains(name.text) else {
      throw .unknown(value, in: "profile", index, among: profiles)
    }
    return name.text
  }

  private static func session(_ value: JSONValue?, _ index: Int) throws(KeyFileError) -> String {
    guard let value else { return "" }
    guard case .string(let name) = value, SessionName.isValid(name.text) else {
      throw .wrong(index: index, problem: "'session' is \(value.described)", allowed: SessionName.allowed)
    }
    return name.text
  }

  private static func limits(_ values: [String: JSONValue], _ index: Int) throws(KeyFileError) -> [RateLimitKind: Int] {
    var limits: [RateLimitKind: Int] = [:]
    limits[.requests] = try integer("requests_per_minute", values, in: perMinute, index)
    limits[.images] = try integer("images_per_minute", values, in: perMinute, index)
    guard let tier = try integer("tier", values, in: 1...Account.imagesPerMinuteByTier.count, index) else { return limits }
    guard limits[.images] == nil else {
      throw .wrong(index: index, problem: "'tier' and 'images_per_minute' both limit images", allowed: "one of them")
    }
    limits[.images] = Account.imagesPerMinuteByTier[tier - 1]
    return limits
  }

  private static func integer(
    _ name: String, _ values: [String: JSONValue], in range: ClosedRange<Int>, _ index: Int
  ) throws(KeyFileError) -> Int? {
    guard let value = values[name] else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      throw .wrong(
        index: index, problem: "'\(name)' is \(value.described)",
        allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}

extension JSONValue {
  /// The form in error messages: scalars by their value, other values by their type.
  fileprivate var described: String {
    switch self {
    case .string(let text): text.text.debugDescription
    case .integer(let number): String(number)
    default: kind
    }
  }
}

extension KeyFileError {
  /// A value that is none of the names that a member may have.
  fileprivate static func unknown(_ value: JSONValue, in member: String, _ index: Int, among names: [String]) -> KeyFileError {
    let suggestion = if case .string(let text) = value { names.suggestion(for: text.text) } else { "" }
    return .wrong(index: index, problem: "'\(member)' is \(value.described)\(suggestion)", allowed: names.joined(separator: ", "))
  }
}

/// An error in a file of keys, in one line.
package enum KeyFileError: Error, Equatable {
  case tooLarge(bytes: Int, limit: Int)
  case syntax(JSONError)
  case notAList
  case tooManyKeys(count: Int, limit: Int)
  /// - Parameter index: the position of the key, from 1.
  case wrong(index: Int, problem: String, allowed: String)
}

extension KeyFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes; allowed: at most \(limit)"
    case .syntax(let error): "the file is not valid JSON: \(error)"
    case .notAList: #"the file is not a list; allowed: a list of keys such as [{"key": "sk-test-1234", "state": "quota"}]"#
    case .tooManyKeys(let count, let limit): "the file lists \(count) keys; allowed: at most \(limit)"
    case .wrong(let index, let problem, let allowed): "key \(index): \(problem); allowed: \(allowed)"
    }
  }
}
