import ArgumentParser
import FoundationEssentials

/// Flags for settings.
///
/// All are optional strings without defaults: the table of settings has both the allowed values and the default if neither a flag nor a
/// variable is set.
protocol SettingOptions {
  /// The values on the command line.
  var flags: [(Setting, String?)] { get }
}

extension Settings {
  /// Reads flags and the process's environment, and warns of variables that look like settings but are not.
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
