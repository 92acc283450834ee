import Configuration
import JSON
import Spelling

extension Settings {
  /// Reads every setting of ``table``. An empty value counts as absent, so that `FAKEAI_PORT=` or `--port "$PORT"` means whatever holds without
  /// it: the variable for a flag, the default for a variable.
  ///
  /// - Parameters:
  ///   - flags: the values on the command line, by variable.
  ///   - environment: the environment variables of the process.
  /// - Throws: an error for the first value that is not allowed, in the order of the table.
  init(flags: [String: String] = [:], environment: [String: String]) throws(SettingRefusal) {
    let flags = flags.filter { !$0.value.isEmpty }
    let environment = ServiceLink.removed(from: environment).filter { !$0.value.isEmpty }
    let reader = ConfigReader(providers: [
      InMemoryProvider(name: "flags", values: Self.values(of: flags)),
      EnvironmentVariablesProvider(environmentVariables: environment),
    ])
    self.init()
    for setting in Self.table {
      guard let text = reader.string(forKey: ConfigKey([setting.variable])) else { continue }
      guard setting.assign(text, &self) else {
        let name = flags[setting.variable] == nil ? setting.variable : setting.flag
        throw SettingRefusal(
          name: name, value: text, problem: setting.problem?(text), suggestion: setting.names.suggestion(for: text),
          allowed: setting.allowed)
      }
    }
  }

  private static func values(of flags: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
    let pairs = flags.map { (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The environment for a process that should have these settings: the inherited variables and these settings, but no other variable
  /// that begins with `FAKEAI_`, so that nothing is read or warned of twice.
  func environment(inheriting inherited: [String: String]) -> [String: String] {
    let own = Dictionary(uniqueKeysWithValues: Self.table.map { ($0.variable, $0.text(self)) })
    return inherited.filter { !$0.key.hasPrefix(Setting.prefix) }.merging(own) { $1 }
  }
}

/// A value that is not allowed. Its description is one line with the flag or variable, the value, unless it may be secret, and the allowed
/// values.
struct SettingRefusal: Error, Equatable, CustomStringConvertible {
  /// The flag or the variable that the value comes from.
  let name: String
  let value: String
  /// Stands for the value if that may be secret.
  var problem: String?
  /// ` (did you mean …?)`; empty if the value resembles none of the allowed ones.
  var suggestion = ""
  let allowed: String

  var description: String { "\(name) \(problem ?? "is \(value.debugDescription)")\(suggestion); allowed: \(allowed)" }
}
