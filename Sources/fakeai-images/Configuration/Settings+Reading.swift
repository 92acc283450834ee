import Configuration
import JSON

extension Settings {
  /// Reads every setting of ``table``.
  ///
  /// - Parameters:
  ///   - flags: what the command line gave, by variable.
  ///   - environment: the variables of the process.
  /// - Throws: the first value that is not allowed, in the order of the table.
  init(flags: [String: String] = [:], environment: [String: String]) throws(SettingRefusal) {
    let reader = ConfigReader(providers: [
      InMemoryProvider(name: "flags", values: Self.values(of: flags)),
      EnvironmentVariablesProvider(environmentVariables: environment),
    ])
    self.init()
    for setting in Self.table {
      guard let text = reader.string(forKey: ConfigKey([setting.variable])) else { continue }
      guard setting.assign(text, &self) else {
        let name = flags[setting.variable] == nil ? setting.variable : setting.flag
        throw SettingRefusal(name: name, value: text, allowed: setting.allowed)
      }
    }
  }

  private static func values(of flags: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
    let pairs = flags.map { (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// The environment of a process that is to have these settings: what it would inherit, less whatever else begins with `FAKEAI_`, so
  /// that nothing is read twice or warned of twice.
  func environment(inheriting inherited: [String: String]) -> [String: String] {
    let own = Dictionary(uniqueKeysWithValues: Self.table.map { ($0.variable, $0.text(self)) })
    return inherited.filter { !$0.key.hasPrefix(Setting.prefix) }.merging(own) { $1 }
  }
}
