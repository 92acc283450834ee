import ArgumentParser
import FoundationEssentials

/// Flags that stand for settings.
///
/// They are all optional texts without defaults: the table of settings knows both what is allowed and what holds where neither flag nor
/// variable says anything.
protocol SettingOptions {
  /// What the command line gave.
  var flags: [(Setting, String?)] { get }
}

extension Settings {
  /// Reads flags and the process's environment, and warns of variables that look like settings and are none.
  init(_ options: any SettingOptions...) throws(CommandFailure) {
    let environment = ProcessInfo.processInfo.environment
    for variable in UnknownVariable.all(in: environment) { StandardError.write(line: "fakeai-images: warning: \(variable)") }
    let given = options.flatMap(\.flags).compactMap { setting, text in text.map { (setting.variable, $0) } }
    do {
      try self.init(flags: Dictionary(uniqueKeysWithValues: given), environment: environment)
    } catch {
      throw .usage(error.description)
    }
  }
}

extension Setting {
  var help: ArgumentHelp { ArgumentHelp("\(meaning) (\(variable); default: \(defaultText))", valueName: placeholder) }
}
