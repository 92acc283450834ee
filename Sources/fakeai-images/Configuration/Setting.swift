import ArgumentParser

/// One row of the table of settings: its name, the syntax of its values, and the property that holds the value.
struct Setting: Sendable {
  /// Name in the environment, such as `FAKEAI_IMAGE_STORE_SIZE`.
  let variable: String
  /// Its purpose, in one sentence.
  let meaning: String
  /// The placeholder for a value in the help.
  let placeholder: String
  /// The completions that a shell offers for a value.
  let completion: CompletionKind
  /// Completes the sentence "allowed: …".
  let allowed: String
  /// All values, if they are names.
  let names: [String]
  /// See ``SettingSyntax/problem``.
  let problem: (@Sendable (String) -> String)?
  /// The default as the help shows it.
  let defaultText: String
  /// Parses a value and stores it in the settings; false if it is not allowed.
  let assign: @Sendable (_ text: String, _ settings: inout Settings) -> Bool
  /// The current value as text, for the environment of a worker.
  let text: @Sendable (Settings) -> String

  /// - Parameters:
  ///   - variable: its environment variable.
  ///   - path: where it is in the settings.
  ///   - syntax: how its values are written.
  ///   - defaultText: replaces the text of the default if that would say too little.
  ///   - meaning: what the help says of it.
  init<Value>(
    _ variable: String, _ path: any WritableKeyPath<Settings, Value> & Sendable, _ syntax: SettingSyntax<Value>, defaultText: String? = nil,
    _ meaning: String
  ) {
    self.variable = variable
    self.meaning = meaning
    self.placeholder = syntax.placeholder
    self.completion = syntax.completion
    self.allowed = syntax.allowed
    self.names = syntax.names
    self.problem = syntax.problem
    self.defaultText = defaultText ?? syntax.text(Settings()[keyPath: path])
    self.assign = { text, settings in
      guard let value = syntax.parse(text) else { return false }
      settings[keyPath: path] = value
      return true
    }
    self.text = { syntax.text($0[keyPath: path]) }
  }

  /// A setting that may be unset. A worker gets an empty value for it then.
  init<Value>(
    _ variable: String, _ path: any WritableKeyPath<Settings, Value?> & Sendable, _ syntax: SettingSyntax<Value>, defaultText: String,
    _ meaning: String
  ) {
    let openSyntax = SettingSyntax<Value?>(
      placeholder: syntax.placeholder,
      allowed: syntax.allowed,
      parse: { syntax.parse($0).map(Optional.some) },
      text: { value in value.map(syntax.text) ?? "" },
      completion: syntax.completion,
      problem: syntax.problem,
      names: syntax.names)
    self.init(variable, path, openSyntax, defaultText: defaultText, meaning)
  }

  /// The flag of the same name: `--image-store-size` for `FAKEAI_IMAGE_STORE_SIZE`.
  var flag: String { "--" + variable.dropFirst(Setting.prefix.count).lowercased().replacing("_", with: "-") }

  static let prefix = "FAKEAI_"
}
